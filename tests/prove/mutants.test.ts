import { expect, inject, test } from 'vitest'
import { lineOf } from '../../scripts/parts/mutants/report.ts'
import { isNoticed, tryDefects } from '../../scripts/parts/mutants/try-defects.ts'
import { defects } from '../mutants/defects.ts'

test('every planted defect is noticed', { timeout: 3_600_000 }, async () => {
  const tried = await tryDefects({
    server: inject('postgresUrl'),
    defects: Object.values(defects).flat(),
    onTried: () => {},
  })
  expect(tried.filter((one) => !isNoticed(one)).map(lineOf)).toEqual([])
})
