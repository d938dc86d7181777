import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clearDataDir, openDataDir } from '../../scripts/parts/data-dir.ts'
import { secretsFor } from '../../scripts/parts/secrets.ts'
import { temporaryFolder } from './temporary.ts'

test('a folder with files that are not ours is neither taken nor cleared', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'thesis.txt'), 'years of work')
  expect(() => openDataDir(folder)).toThrow('holds files that are not ours')
  expect(() => clearDataDir(folder)).toThrow('nothing was removed')
  expect(existsSync(join(folder, 'thesis.txt'))).toBe(true)
})

test('a reset empties a data folder of ours', () => {
  const folder = temporaryFolder()
  openDataDir(folder)
  mkdirSync(join(folder, 'postgres'))
  clearDataDir(folder)
  expect(readdirSync(folder)).toEqual([])
})

test('keys are made once, kept, and readable by their owner only', () => {
  const folder = temporaryFolder()
  const first = secretsFor(folder, {})
  expect(Buffer.from(first.encryptionKey, 'base64')).toHaveLength(32)
  expect(first.operatorKey).toMatch(/^op_/)
  expect(secretsFor(folder, {})).toEqual(first)
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)
})

test('a database of your own needs an encryption key of your own', () => {
  const folder = temporaryFolder()
  const env = { DATABASE_URL: 'postgres://me@db.example/calendars' }
  expect(() => secretsFor(folder, env)).toThrow('CALENDAR_OAUTH_ENCRYPTION_KEY')
  expect(secretsFor(folder, { ...env, NEXTAUTH_SECRET: 'given' }).encryptionKey).toBe('given')
})

test('no new key is made for a database whose key is gone', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'postgres'))
  expect(() => secretsFor(folder, {})).toThrow('with its encryption key is gone')
})
