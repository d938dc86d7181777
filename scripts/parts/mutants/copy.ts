import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { planted, type Defect } from '../../../tests/mutants/defect.ts'
import { root } from '../command.ts'

const leftOut = new Set(['node_modules', '.git', '.data', 'dist'])

/** A copy of the repository's code, in which defects are planted and mended. */
export interface Copy {
  folder: string
  /** Plants a defect; answers how to mend it again. */
  plant(defect: Defect): () => void
  /** Writes each changed file beside the right one, under a name of its own; answers what to read them by. */
  plantBeside(defects: Defect[]): Map<string, Defect>
  remove(): void
}

export function copyOfCode(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-sync-mutants-'))
  cpSync(root, folder, {
    recursive: true,
    filter: (path) => !leftOut.has(relative(root, path).split('/')[0] ?? ''),
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  // Also when somebody interrupts.
  process.once('exit', remove)
  return {
    folder,
    plant: (defect) => {
      const files = changedFiles(defect, folder)
      for (const [file, { after }] of files) writeFileSync(join(folder, file), after)
      return () => {
        for (const [file, { before }] of files) writeFileSync(join(folder, file), before)
      }
    },
    plantBeside: (defects) => {
      const written = new Map<string, Defect>()
      for (const [index, defect] of defects.entries()) {
        for (const [file, { after }] of changedFiles(defect, folder)) {
          const beside = join(dirname(file), `planted-${index}-${file.split('/').at(-1)}`)
          writeFileSync(join(folder, beside), after)
          written.set(beside, defect)
        }
      }
      return written
    },
    remove,
  }
}

/** The files a defect changes, before and after. */
export function changedFiles(
  { changes }: Defect,
  folder = root,
): Map<string, { before: string; after: string }> {
  const files = new Map<string, { before: string; after: string }>()
  for (const change of changes) {
    const before = files.get(change.file)?.before ?? readFileSync(join(folder, change.file), 'utf8')
    const after = planted(files.get(change.file)?.after ?? before, change)
    files.set(change.file, { before, after })
  }
  return files
}
