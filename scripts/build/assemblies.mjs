/** A kernel's own data begins here; the compiler fails if what it places ends above half of it. */
const FIRST_BYTE_OF_DATA = 65536

/** No flag may change a bit: no fused multiply-add, no relaxed SIMD, no reordered sums. */
const flags = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--stackSize', '0'],
  ...['--enable', 'simd', '--use', 'abort=', '--importMemory', '--noExportMemory', '--initialMemory', '1'],
  ...['--disableWarning', '112', '--memoryBase', '1024', '--lowMemoryLimit', String(FIRST_BYTE_OF_DATA / 2)],
]

/**
 * What is written in AssemblyScript: its folder, the schema that it shares with TypeScript, the module that is made of it
 * in src/, how it is compiled, what it may ask of its surroundings, and the text of the module.
 */
export const ASSEMBLIES = [
  {
    folder: 'src/dynamics/kernels/wasm/assembly/',
    schema: 'src/dynamics/kernels/wasm/schema/',
    target: 'src/dynamics/kernels/wasm/kernel-binary.ts',
    // Memory of one thread, and memory shared by threads.
    variants: { plain: flags, shared: [...flags, '--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'] },
    imports: ['env.memory', 'env.drainSpikes', 'env.beat'],
    write: twoVariants,
  },
  {
    folder: 'src/learning/surrogate/loops/assembly/',
    schema: 'src/learning/surrogate/loops/schema/',
    target: 'src/learning/surrogate/loops/loops-binary.ts',
    variants: { plain: flags },
    imports: ['env.memory'],
    write: (binary) => `/** A character per byte. */\nexport const LOOPS: string = ${text(binary)}\n`,
  },
]

/** The source of both variants. They differ in the memory that they import alone, so that the rest is held once. */
function twoVariants(plain, shared) {
  const most = Math.min(plain.length, shared.length)
  let head = 0
  while (head < most && plain[head] === shared[head]) head++
  let tail = 0
  while (tail < most - head && plain.at(-1 - tail) === shared.at(-1 - tail)) tail++
  const own = (binary) => text(binary.subarray(head, binary.length - tail))
  return [
    '/** A character per byte: where the variants begin and end alike, and what each has in between. */\n',
    `export const KERNEL_HEAD: string = ${text(plain.subarray(0, head))}\n`,
    `export const KERNEL_PLAIN: string = ${own(plain)}\n`,
    `export const KERNEL_SHARED: string = ${own(shared)}\n`,
    `export const KERNEL_TAIL: string = ${text(plain.subarray(plain.length - tail))}\n`,
  ].join('')
}

function text(bytes) {
  // What ends a text or a line, and other controls, are escaped.
  const characters = Array.from(bytes, (byte) => {
    const isPlain = byte >= 0x20 && (byte < 0x7f || byte >= 0xa0) && byte !== 0x27 && byte !== 0x5c
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `'${characters.join('')}'`
}
