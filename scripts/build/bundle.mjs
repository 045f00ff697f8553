import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { markLines } from './mark-lines.mjs'

/**
 * What starts or is imported from outside: its name in dist/bundle, and the module it is. A module that starts another
 * from a URL beside its own, as threads and processes are started, finds it there, too: all of them lie side by side.
 */
const ENTRIES = JSON.parse(readFileSync(new URL('entries.json', import.meta.url), 'utf8'))

/**
 * Puts the compiled modules of `folder` together into few files, without comments, indentation and long names: to find and read hundreds of modules
 * would take most of the time in which a command or a partition starts. What entries share, they share here, too.
 */
export async function bundle(folder) {
  await build({
    entryPoints: Object.entries(ENTRIES).map(([out, module]) => ({ out, in: `${folder}/${module}.js` })),
    outdir: `${folder}/bundle`,
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    legalComments: 'none',
    charset: 'utf8',
    plugins: [{ name: 'packed binaries', setup: ({ onLoad }) => onLoad({ filter: /-binary\.js$/ }, packBinary) }],
    // A package is downloaded more often than its bundle is read: `node dist/cli/main.js` runs the same with all names.
    minify: true,
    // Node prints the line of an uncaught error where `markLines` could not mark it.
    lineLimit: 2000,
    logLevel: 'warning',
  })
  shortenNames(`${folder}/bundle`)
}

/**
 * Cuts the hashes in the names of shared files to half, where that leaves them different: a thousand imports repeat them,
 * which takes 3 kB of the packed package. Every file that is changed by a build has another name still, so that whatever
 * started before finds all of its own.
 */
function shortenNames(folder) {
  const cut = (name) => name.replace(/-([A-Z0-9]{4})[A-Z0-9]{4}\.js$/, '-$1.js')
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'))
  const isFree = (name) => names.filter((other) => cut(other) === cut(name)).length === 1
  const short = new Map(names.map((name) => [name, isFree(name) ? cut(name) : name]))
  for (const [name, other] of short) {
    const text = readFileSync(`${folder}/${name}`, 'utf8')
    const imports = text.replace(/[\w-]+-[A-Z0-9]{8}\.js/g, (found) => short.get(found) ?? found)
    writeFileSync(`${folder}/${name}`, markLines(imports))
    renameSync(`${folder}/${name}`, `${folder}/${other}`)
  }
}

/**
 * What stands for a module whose exports are bytes of WebAssembly, a character each: the same, packed by Brotli, which takes
 * three quarters of the room that they take in a packed package. Only Node.js unpacks it, and so `src` holds characters.
 */
async function packBinary({ path }) {
  const texts = Object.entries(await import(pathToFileURL(path).href))
  const bytes = Buffer.from(texts.map(([, text]) => text).join(''), 'latin1')
  const lines = texts.map(([name, { length }], k) => {
    const start = texts.slice(0, k).reduce((sum, [, text]) => sum + text.length, 0)
    return `export const ${name} = all.slice(${start}, ${start + length})`
  })
  const packed = brotliCompressSync(bytes).toString('base64')
  const contents = `import { brotliDecompressSync } from 'node:zlib'
    const all = brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString('latin1')
    ${lines.join('\n')}`
  return { contents }
}
