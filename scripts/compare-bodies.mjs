// Compares the compiled bodies of functions with those of another commit:
//
//     node scripts/compare-bodies.mjs COMMIT [part of a name]
//
// Both are compiled here, by the compiler of this checkout. Indices of calls and globals are left out, and labels and local
// variables are numbered as they come, so that a function may move or be made from a generic one. Prints the functions of
// the commit that no function here has the body of, and ends with 1 if there are any.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compileAssembly } from './build/compile-assembly.mjs'

const MISTAKE = 2
const root = fileURLToPath(new URL('..', import.meta.url))
const [commit, part = ''] = process.argv.slice(2)
try {
  process.exitCode = await compare()
} catch (error) {
  process.stderr.write(`node scripts/compare-bodies.mjs: ${error.message}\n`)
  process.exitCode = MISTAKE
}

async function compare() {
  if (commit === undefined) throw new Error('found no commit, expected COMMIT [part of a name]')
  const there = checkOut(commit)
  try {
    const before = await functionsIn(there)
    const now = new Set((await functionsIn(root)).values())
    const chosen = [...before].filter(([name]) => name.includes(part))
    if (chosen.length === 0) throw new Error(`found no function of ${commit} whose name holds "${part}"`)
    const lost = chosen.filter(([, body]) => !now.has(body))
    for (const [name, body] of lost) console.log(`${name}: ${body.split('\n').length} lines, in no function here`)
    console.log(`${chosen.length - lost.length} of ${chosen.length} bodies are equal`)
    return lost.length > 0 ? 1 : 0
  } finally {
    rmSync(there, { recursive: true })
  }
}

/** The sources of a commit in a folder of their own, with what is installed here. */
function checkOut(commit) {
  const folder = mkdtempSync(join(tmpdir(), 'antidrome-bodies-'))
  try {
    const archive = execFileSync('git', ['archive', commit, 'package.json', 'scripts', 'src'], {
      cwd: root,
      maxBuffer: 2 ** 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    execFileSync('tar', ['-x', '-C', folder], { input: archive })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    return `${folder}/`
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw new Error(`found "${commit}", expected a commit of this repository`, { cause: error })
  }
}

/** Bodies of all compiled functions, by name. */
async function functionsIn(folder) {
  const { ASSEMBLIES, writeAssemblySchema } = await scriptsOf(folder)
  const bodies = new Map()
  for (const assembly of ASSEMBLIES) {
    await writeAssemblySchema(`${folder}${assembly.schema}`, `${folder}${assembly.folder}schema/`)
    const { text } = await compileAssembly(folder, assembly.folder, assembly.variants.plain)
    for (const [name, body] of functionsOf(text)) bodies.set(name, body)
  }
  return bodies
}

/** What a checkout says of its assembly. */
async function scriptsOf(folder) {
  const names = ['assemblies', 'assembly-schema']
  try {
    const parts = await Promise.all(
      names.map((name) => import(pathToFileURL(`${folder}scripts/build/${name}.mjs`).href)),
    )
    return Object.assign({}, ...parts)
  } catch (cause) {
    throw new Error(`${commit} keeps its assembly otherwise: ${cause.message}`, { cause })
  }
}

/** The functions of a module in the text form of WebAssembly, which has each at the same depth. */
function* functionsOf(text) {
  for (const [, name, body] of text.matchAll(/^ \(func (\S+)([\s\S]*?)\n \)$/gm)) yield [name, nameless(body)]
}

/** A body without the names of what it calls; its labels and local variables are numbered as they come. */
function nameless(body) {
  const numbers = new Map()
  const numberOf = (name) => {
    if (!numbers.has(name)) numbers.set(name, `$${numbers.size}`)
    return numbers.get(name)
  }
  return body
    .replace(/^ +\(local .*\n/gm, '')
    .replace(/\b(call|global\.[gs]et|ref\.func) \$\S+?(?=[\s)]|$)/g, '$1')
    .replace(/\$(?:__inlined_func|for-|folding-|while-|do-|case|break|\d)\S*?(?=[\s)]|$)/g, numberOf)
}
