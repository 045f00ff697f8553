// Compiles what is written in AssemblyScript into modules that hold it, a character per byte, unless they were made from the
// same sources; what it has to know of the schemata beside it is made first.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ASSEMBLIES } from './build/assemblies.mjs'
import { writeAssemblySchema } from './build/assembly-schema.mjs'
import { compileAssembly } from './build/compile-assembly.mjs'
import { writeChanged } from './build/write-changed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** What is written in the words that TypeScript and AssemblyScript have in common may be imported from here by both. */
const NUMERICS = 'src/numerics/'
const compiler = JSON.parse(readFileSync(`${root}node_modules/assemblyscript/package.json`, 'utf8'))

await Promise.all(ASSEMBLIES.map(make))

async function make(assembly) {
  await writeAssemblySchema(`${root}${assembly.schema}`, `${root}${assembly.folder}schema/`)
  const target = `${root}${assembly.target}`
  const mark = `// Made by scripts/build-wasm.mjs from ${fingerprint(assembly)}\n`
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(mark)) return
  const variants = Object.entries(assembly.variants)
  const binaries = await Promise.all(
    variants.map(async ([name, flags]) => {
      const { binary } = await compileAssembly(root, assembly.folder, flags)
      check(`${assembly.folder}, ${name},`, binary, assembly.imports)
      return binary
    }),
  )
  writeChanged(target, `${mark}\n${assembly.write(...binaries)}`)
}

/** A hash over everything the binaries depend on, with what was just made of the schema. */
function fingerprint({ folder }) {
  const sources = readdirSync(`${root}${folder}`, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
  const inputs = [
    ...sources.map((name) => `${folder}${name}`),
    ...readdirSync(`${root}${NUMERICS}`)
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => `${NUMERICS}${name}`),
    'scripts/build-wasm.mjs',
    'scripts/build/assemblies.mjs',
    'scripts/build/compile-assembly.mjs',
  ]
  const hash = createHash('sha256').update(`${compiler.version} ${JSON.stringify(compiler.dependencies)}`)
  for (const path of inputs) hash.update(`\n${path}\n`).update(readFileSync(`${root}${path}`))
  return hash.digest('hex')
}

/** Fails if a module imports anything else or exports anything but functions. */
function check(name, binary, imports) {
  const module = new WebAssembly.Module(binary)
  const foreign = WebAssembly.Module.imports(module).filter(
    (entry) => !imports.includes(`${entry.module}.${entry.name}`),
  )
  const others = WebAssembly.Module.exports(module).filter(({ kind }) => kind !== 'function')
  if (foreign.length > 0) throw new Error(`${name} imports ${foreign.map((entry) => entry.name).join()}`)
  if (others.length > 0) throw new Error(`${name} exports ${others.map((entry) => entry.name).join()}`)
}
