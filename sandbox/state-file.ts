import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

const header = JSON.stringify({ format: 'calendar sandbox', version: 1 })
const newline = 10

/** Raised for a file that the sandbox did not write, or that was damaged since. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState'
}

/**
 * A file of JSON values, one a line. Every write is handed to the operating system before it returns, so what was
 * written outlives the process, however it ends; it is not forced onto the disk, so a power cut may take the last of it.
 */
export interface StateFile {
  /** Adds values at the end. When that fails the file is as before. */
  append(values: Iterable<unknown>): void
  /** Puts values in the place of everything, at once: a crash leaves either the old or the new. */
  replace(values: Iterable<unknown>): void
  /** The length in bytes. */
  size(): number
  close(): void
}

/** The values of a file, none if there is no file. A last line that was torn in the middle of its writing is left out. */
export function* readState(file: string): Generator {
  if (!existsSync(file)) return
  const bytes = readFileSync(file)
  let start = 0
  let line = 0
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    const text = bytes.toString('utf8', start, end)
    start = end + 1
    line += 1
    if (line > 1) yield parse(file, line, text)
    else if (text !== header) throw new UnreadableState(`${file} is no state of this sandbox.`)
  }
  if (line === 0 && bytes.length > 0) throw new UnreadableState(`${file} is no state of this sandbox.`)
}

function parse(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableState(`${file} is damaged in line ${line}.`)
  }
}

/** A new file of values in the place of what was there. */
export function createStateFile(file: string, values: Iterable<unknown>): StateFile {
  mkdirSync(dirname(file), { recursive: true })
  let handle = -1
  let size = 0

  /** Writes to a file that another process put its own in the place of would be lost without a word. */
  const checkInPlace = (): void => {
    if (fstatSync(handle).nlink > 0) return
    throw new Error(`${file} was removed, or another sandbox took it over.`)
  }
  const append = (values: Iterable<unknown>): void => {
    const before = size
    try {
      checkInPlace()
      for (const value of values) size += write(handle, `${JSON.stringify(value)}\n`, size)
    } catch (error) {
      size = before
      ftruncateSync(handle, before)
      throw error
    }
  }
  const replace = (values: Iterable<unknown>): void => {
    const old = { handle, size }
    if (handle !== -1) checkInPlace()
    try {
      // It holds tokens and secrets, if only played ones.
      handle = openSync(`${file}.new`, 'w', 0o600)
      size = write(handle, `${header}\n`, 0)
      append(values)
      fsyncSync(handle)
      renameSync(`${file}.new`, file)
    } catch (error) {
      if (handle !== old.handle) closeSync(handle)
      ;({ handle, size } = old)
      throw error
    }
    if (old.handle !== -1) closeSync(old.handle)
  }

  replace(values)
  return { append, replace, size: () => size, close: () => closeSync(handle) }
}

/** Writes a text at a place, all of it, and answers its length in bytes. */
function write(handle: number, text: string, position: number): number {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length)
    written += writeSync(handle, bytes, written, bytes.length - written, position + written)
  return bytes.length
}
