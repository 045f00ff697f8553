import ts from 'typescript'
import type { PackedProject } from './packed-project.js'

/** As strict as it gets; without a check of libraries a mistake in our declarations would be a silent `any`. */
const STRICT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
}

/** The program, and the declarations of the package: those of others are not ours to check. */
const OURS = /^\/(main\.ts|store\/node_modules\/antidrome\/)/

/** The mistakes that the compiler finds in the program and in the package's declarations it needs; writes the program as JavaScript. */
export function compile(
  { path }: PackedProject,
  resolution: ts.CompilerOptions,
): { readonly mistakes: readonly string[]; readonly declarations: number } {
  const options = { ...STRICT, outDir: path, ...resolution }
  const host = { ...ts.createCompilerHost(options), getCurrentDirectory: () => path }
  const program = ts.createProgram([`${path}/main.ts`], options, host)
  const checked = program.getSourceFiles().filter(({ fileName }) => OURS.test(fileName.slice(path.length)))
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...checked.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ]
  const mistakes = found.map(({ file, messageText }) => {
    return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
  // Without the file it would check all others first.
  program.emit(program.getSourceFile(`${path}/main.ts`))
  return { mistakes, declarations: checked.length - 1 }
}
