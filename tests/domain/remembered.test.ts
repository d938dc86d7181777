import { expect, test } from 'vitest'
import { remembered } from '../../domain/recurrence/remembered.ts'

test('the same question is answered once, and the oldest answers are forgotten', () => {
  let answered = 0
  const square = remembered(
    (number: number) => {
      answered++
      return number * number
    },
    (number) => String(number),
  )
  expect([square(3), square(3)]).toEqual([9, 9])
  expect(answered).toBe(1)
  for (let number = 100; number < 1123; number++) square(number)
  square(3)
  expect(answered).toBe(1024)
  square(5000)
  square(100)
  expect(answered).toBe(1026)
})

test('a question that was refused is asked again', () => {
  const refuse = remembered(
    () => {
      throw new Error('No such rule.')
    },
    () => 'rule',
  )
  expect(refuse).toThrow('No such rule.')
  expect(refuse).toThrow('No such rule.')
})
