import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root } from './parts/command.ts'
import { answerSchemas } from './parts/answer-schemas.ts'

answerHelp(`
npm run schemas: writes tests/sandbox/schemas/answers.json anew from the types beside it.
To be run after a change of those types or of the packages in which the vendors publish theirs.
`)

writeFileSync(join(root, 'tests', 'sandbox', 'schemas', 'answers.json'), answerSchemas())
