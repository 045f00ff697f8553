// Compiles src/dynamics/wasm/assembly into src/dynamics/wasm/kernel-binary.ts, unless that was made from the same
// sources. Two variants: memory of one thread, and memory shared by threads.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeChanged } from './build/write-changed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'src/dynamics/wasm/assembly/'
const target = `${root}src/dynamics/wasm/kernel-binary.ts`

/** The kernel's own data begins here; the compiler fails if what it places ends above half of it. */
const FIRST_BYTE_OF_DATA = 65536

/** No flag may change a bit: no fused multiply-add, no relaxed SIMD, no reordered sums. */
const flags = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--stackSize', '0'],
  ...['--enable', 'simd', '--use', 'abort=', '--importMemory', '--noExportMemory', '--initialMemory', '1'],
  ...['--disableWarning', '112', '--memoryBase', '1024', '--lowMemoryLimit', String(FIRST_BYTE_OF_DATA / 2)],
]
const variants = {
  KERNEL_BINARY: flags,
  SHARED_KERNEL_BINARY: [...flags, '--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'],
}

/** What the module may ask of its surroundings. */
const imports = ['env.memory', 'env.searchCrossing', 'env.drainSpikes']

const sources = readdirSync(`${root}${folder}`, { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort()
const inputs = [...sources.map((name) => `${folder}${name}`), 'scripts/build-wasm.mjs']
const compiler = JSON.parse(readFileSync(`${root}node_modules/assemblyscript/package.json`, 'utf8'))
const mark = `// Made by scripts/build-wasm.mjs from ${fingerprint()}\n`

if (!existsSync(target) || !readFileSync(target, 'utf8').startsWith(mark)) {
  // Slow to load.
  const { default: asc } = await import('assemblyscript/asc')
  const binaries = Object.entries(variants).map(async ([name, options]) => [name, await compile(asc, options)])
  const text = (await Promise.all(binaries)).map(([name, binary]) => {
    check(name, binary)
    return `export const ${name}: string =\n  '${Buffer.from(binary).toString('base64')}'\n`
  })
  writeChanged(target, `${mark}\n${text.join('\n')}`)
}

/** A hash over everything the binaries depend on. */
function fingerprint() {
  const hash = createHash('sha256').update(`${compiler.version} ${JSON.stringify(compiler.dependencies)}`)
  for (const path of inputs) hash.update(`\n${path}\n`).update(readFileSync(`${root}${path}`))
  return hash.digest('hex')
}

async function compile(asc, options) {
  const files = new Map()
  const stderr = asc.createMemoryStream()
  const { error } = await asc.main([`${folder}index.ts`, '--baseDir', root, '--outFile', 'kernel.wasm', ...options], {
    stderr,
    writeFile: (name, contents) => files.set(name, contents),
  })
  if (error !== null) throw new Error(`the kernel does not compile: ${error.message}\n${stderr.toString()}`)
  process.stderr.write(stderr.toString())
  return files.get('kernel.wasm')
}

/** Fails if a module imports anything else or exports anything but functions. */
function check(name, binary) {
  const module = new WebAssembly.Module(binary)
  const foreign = WebAssembly.Module.imports(module).filter(
    (entry) => !imports.includes(`${entry.module}.${entry.name}`),
  )
  const others = WebAssembly.Module.exports(module).filter(({ kind }) => kind !== 'function')
  if (foreign.length > 0) throw new Error(`${name} imports ${foreign.map((entry) => entry.name).join()}`)
  if (others.length > 0) throw new Error(`${name} exports ${others.map((entry) => entry.name).join()}`)
}
