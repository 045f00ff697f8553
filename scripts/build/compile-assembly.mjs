import { existsSync, readFileSync } from 'node:fs'

/**
 * Compiles a folder of AssemblyScript.
 *
 * @param root of the repository, with a slash at the end
 * @param folder below it, with a slash at the end
 * @returns the binary, and its text form
 * @throws Error with what the compiler says if it does not compile
 */
export async function compileAssembly(root, folder, flags) {
  // Slow to load.
  const { default: asc } = await import('assemblyscript/asc')
  const files = new Map()
  const stderr = asc.createMemoryStream()
  const outputs = ['--outFile', 'made.wasm', '--textFile', 'made.wat']
  const { error } = await asc.main([`${folder}index.ts`, '--baseDir', root, ...outputs, ...flags], {
    stderr,
    readFile: readSource,
    writeFile: (path, contents) => files.set(path, contents),
  })
  if (error !== null) throw new Error(`${folder} does not compile: ${error.message}\n${stderr.toString()}`)
  process.stderr.write(stderr.toString())
  return { binary: files.get('made.wasm'), text: files.get('made.wat') }
}

/** A source. TypeScript imports it by the name of what it is compiled to, to which the compiler adds an ending of its own. */
function readSource(path, folder) {
  const file = `${folder}/${path.replace(/\.js\.ts$/, '.ts')}`
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
