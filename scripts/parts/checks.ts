import { join } from 'node:path'
import { root, runHere, seconds } from './command.ts'

const checks = [
  { name: 'formatting', args: ['oxfmt/bin/oxfmt', '--check', '.'], fix: 'npm run format' },
  {
    name: 'lint',
    args: ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '.'],
    fix: 'npx oxlint --type-aware --fix .',
  },
  { name: 'types', args: ['typescript/bin/tsc', '--noEmit'], fix: 'npx tsc --noEmit' },
]

/** Formatting, lint and types, each with its time; answers how many held and how many did not. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  let passed = 0
  const fixes: string[] = []
  for (const { name, args, fix } of checks) {
    const began = performance.now()
    const [program = '', ...flags] = args
    const code = await runHere([join(root, 'node_modules', program), ...flags])
    console.log(`${code === 0 ? '✓' : '✗'} ${name} ${seconds(began)}`)
    if (code === 0) passed++
    else fixes.push(`  ${name}: ${fix}`)
  }
  if (fixes.length > 0) console.log(['To see or mend:', ...fixes].join('\n'))
  return { passed, failed: fixes.length }
}
