import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { type Mutant, patched } from './mutant.js'
import { runProcess } from './run-process.js'

/** A mutant whose patch does not apply, or that cannot be compiled. */
export class Unplanted extends Error {
  override readonly name = 'Unplanted'
}

/** Sources that are compiled to WebAssembly, or that what is compiled knows of. */
const IN_ASSEMBLY =
  /^src\/(dynamics\/kernels\/wasm\/(assembly|schema)|learning\/surrogate\/loops\/(assembly|schema)|numerics)\//
/** What is made of them. */
const MADE_OF_ASSEMBLY = ['src/dynamics/kernels/wasm', 'src/learning/surrogate/loops']
const BUNDLE = "import('./scripts/build/bundle.mjs').then(({ bundle }) => bundle('dist'))"

/**
 * Plants a mistake in a copy of the repository, compiles what has to be compiled for it, does something and takes the
 * mistake back.
 *
 * Raises `Unplanted`.
 */
export async function withMutant<T>(
  copy: string,
  mutant: Mutant,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const isCompiled = IN_ASSEMBLY.test(mutant.file)
  const folders = [...(isCompiled ? MADE_OF_ASSEMBLY : []), ...(mutant.bundle ? ['dist'] : [])]
  const isAmong = folders.some((folder) => mutant.file.startsWith(`${folder}/`))
  const takeBack = keep(copy, isAmong ? folders : [mutant.file, ...folders])
  try {
    const text = plantText(copy, mutant)
    const code = compiled(text, mutant)
    if (isCompiled) await build(copy, mutant, ['scripts/build-wasm.mjs'], signal)
    if (mutant.bundle) {
      writeFileSync(join(copy, mutant.file.replace(/^src(.*)\.ts$/, 'dist$1.js')), code)
      rmSync(join(copy, 'dist/bundle'), { recursive: true, force: true })
      await build(copy, mutant, ['--eval', BUNDLE], signal)
    }
    return await work()
  } finally {
    takeBack()
  }
}

/** Copies files and folders; the function returned puts the copies in their places. */
function keep(copy: string, paths: readonly string[]): () => void {
  const store = join(copy, '.build/kept')
  rmSync(store, { recursive: true, force: true })
  for (const path of paths) {
    mkdirSync(dirname(join(store, path)), { recursive: true })
    cpSync(join(copy, path), join(store, path), { recursive: true, preserveTimestamps: true })
  }
  return () => {
    for (const path of paths) {
      rmSync(join(copy, path), { recursive: true, force: true })
      renameSync(join(store, path), join(copy, path))
    }
  }
}

function plantText(copy: string, mutant: Mutant): string {
  const path = join(copy, mutant.file)
  const result = patched(readFileSync(path, 'utf8'), mutant)
  if ('fault' in result) throw new Unplanted(`${mutant.id} does not apply to ${mutant.file}: ${result.fault}`)
  writeFileSync(path, result.text)
  return result.text
}

/** Without a process of a compiler, which would outlive the call. */
function compiled(text: string, { id, file }: Mutant): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  const made = ts.transpileModule(text, { compilerOptions, fileName: file, reportDiagnostics: true })
  const [mistake] = made.diagnostics ?? []
  if (mistake === undefined) return made.outputText
  const { start = 0, messageText } = mistake
  const line = text.slice(0, start).split('\n').length
  throw new Unplanted(`${id} does not build: ${file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}

async function build(copy: string, { id }: Mutant, args: readonly string[], signal: AbortSignal): Promise<void> {
  const { code, err } = await runProcess(copy, args, { signal, limit: null })
  if (code !== 0) throw new Unplanted(`${id} does not build: ${err.trim().slice(0, 2000)}`)
}
