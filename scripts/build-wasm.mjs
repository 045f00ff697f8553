// Compiles src/dynamics/wasm/assembly into src/dynamics/wasm/kernel-binary.ts, unless that was made from the same
// sources; what it has to know of src/dynamics/wasm/schema is made first. Two variants: memory of one thread, and memory
// shared by threads.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeAssemblySchema } from './build/assembly-schema.mjs'
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
  plain: flags,
  shared: [...flags, '--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'],
}

/** What the module may ask of its surroundings. */
const imports = ['env.memory', 'env.drainSpikes', 'env.beat']

await writeAssemblySchema(`${root}src/dynamics/wasm/schema/`, `${root}${folder}schema/`)
// With what was just made of the schema.
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
  const [plain, shared] = await Promise.all(
    Object.entries(variants).map(([name, options]) => compile(asc, name, options)),
  )
  writeChanged(target, `${mark}\n${binaryModule(plain, shared)}`)
}

/** A hash over everything the binaries depend on. */
function fingerprint() {
  const hash = createHash('sha256').update(`${compiler.version} ${JSON.stringify(compiler.dependencies)}`)
  for (const path of inputs) hash.update(`\n${path}\n`).update(readFileSync(`${root}${path}`))
  return hash.digest('hex')
}

/** The source of both variants. They differ in the memory that they import alone, so that the rest is held once. */
function binaryModule(plain, shared) {
  const most = Math.min(plain.length, shared.length)
  let head = 0
  while (head < most && plain[head] === shared[head]) head++
  let tail = 0
  while (tail < most - head && plain.at(-1 - tail) === shared.at(-1 - tail)) tail++
  const text = (bytes) => `'${Buffer.from(bytes).toString('hex')}'`
  const own = (binary) => text(binary.subarray(head, binary.length - tail))
  return [
    '/** In hexadecimal digits, which pack best: where the variants begin and end alike, and what each has in between. */\n',
    `export const KERNEL_HEAD: string = ${text(plain.subarray(0, head))}\n`,
    `export const KERNEL_MIDDLE: { readonly plain: string; readonly shared: string } = Object.freeze({\n`,
    `  plain: ${own(plain)},\n  shared: ${own(shared)},\n})\n`,
    `export const KERNEL_TAIL: string =\n  ${text(plain.subarray(plain.length - tail))}\n`,
  ].join('')
}

async function compile(asc, name, options) {
  const files = new Map()
  const stderr = asc.createMemoryStream()
  const { error } = await asc.main([`${folder}index.ts`, '--baseDir', root, '--outFile', 'kernel.wasm', ...options], {
    stderr,
    writeFile: (name, contents) => files.set(name, contents),
  })
  if (error !== null) throw new Error(`the kernel does not compile: ${error.message}\n${stderr.toString()}`)
  process.stderr.write(stderr.toString())
  const binary = files.get('kernel.wasm')
  check(name, binary)
  return binary
}

/** Fails if a module imports anything else or exports anything but functions. */
function check(name, binary) {
  const module = new WebAssembly.Module(binary)
  const foreign = WebAssembly.Module.imports(module).filter(
    (entry) => !imports.includes(`${entry.module}.${entry.name}`),
  )
  const others = WebAssembly.Module.exports(module).filter(({ kind }) => kind !== 'function')
  if (foreign.length > 0) throw new Error(`the ${name} kernel imports ${foreign.map((entry) => entry.name).join()}`)
  if (others.length > 0) throw new Error(`the ${name} kernel exports ${others.map((entry) => entry.name).join()}`)
}
