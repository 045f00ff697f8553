// What an assembly knows of the schema beside it: per module of the schema one of constants, or of functions that read
// and write a header.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { writeChanged } from './write-changed.mjs'

/** Layouts that lie in one place: where that is, and what has to be imported; of fields per lane the offset of the lane. */
const HEADERS = {
  HEADER: {
    base: 'HEADER_AT',
    lane: 'laneOffset',
    imports: { '../lanes/lanes': 'laneOffset, thread' },
  },
  WINDOW_HEADER: { base: 'windowHeader', imports: { '../window/window-header': 'windowHeader' } },
  ADJOINT_HEADER: { base: 'adjointHeader', imports: { '../window/adjoint-header': 'adjointHeader' } },
}

/** Of integers that are not i32. */
const TYPES = {
  ADAM_CHUNK: 'usize',
  GRID_ROWS: 'usize',
  HEADER_AT: 'usize',
  HEADER_END: 'usize',
  HORIZON: 'f64',
  SHORT_RECORD: 'u32',
}

/** Writes what belongs to the modules in one folder into another one, where nothing else lies. */
export async function writeAssemblySchema(schema, folder) {
  const names = readdirSync(schema).filter((name) => name !== 'layout.ts')
  const modules = await load(schema, names)
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) if (!names.includes(name)) rmSync(`${folder}${name}`)
  names.forEach((name, k) => {
    writeChanged(
      `${folder}${name}`,
      `// Made by scripts/build-wasm.mjs from ../../schema/${name}.\n\n${textOf(modules[k])}`,
    )
  })
}

/** What the modules export. */
async function load(schema, names) {
  const contents = names.map((name, k) => `export * as m${k} from './${name}'`).join('\n')
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: schema },
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'warning',
  })
  const bundle = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
  return names.map((_, k) => bundle[`m${k}`])
}

function textOf(module) {
  return Object.entries(module)
    .map(([name, value]) => {
      if (name in HEADERS) return functionsOf(value, HEADERS[name], module)
      const type = TYPES[name] ?? (typeof value === 'number' && !Number.isInteger(value) ? 'f64' : 'i32')
      if (typeof value === 'number') return constant(name, type, value)
      return Array.isArray(value)
        ? value.map((entry, k) => constant(entry, type, k)).join('')
        : constantsOf(name, value)
    })
    .join('\n')
}

/**
 * The size of a record, and where its fields are: by names that begin with the prefix of the record, and by a namespace that
 * is called like it, for files that know many of them.
 */
function constantsOf(name, { size, fields, prefix }) {
  const places = fields.map((field) => constant(`${prefix} ${field.name}`.trimStart(), 'usize', field.at))
  const flat = [constant(name, 'usize', size), ...places].join('')
  if (prefix === '') return flat
  const inside = fields.map((field) => `  ${constant(field.name, 'usize', field.at)}`)
  return `${flat}export namespace ${prefix[0].toUpperCase()}${prefix.slice(1)} {\n${inside.join('')}}\n`
}

function constant(name, type, value) {
  const upper = /[a-z]/.test(name)
    ? name
        .replaceAll(/(?<=\S)[A-Z]/g, '_$&')
        .replaceAll(' ', '_')
        .toUpperCase()
    : name
  return `export const ${upper}: ${type} = ${value}\n`
}

/** A function that reads each field, and one that writes it where the kernel does. */
function functionsOf({ fields }, { base, lane, imports }, module) {
  const lines = Object.entries(imports).map(([from, names]) => `import { ${names} } from '${from}'\n`)
  return [
    ...lines,
    '\n',
    ...fields.map((field) => {
      // The offset of the lane is no constant, so all others are put together here.
      if (field.perLane) return readerOf({ ...field, at: module[base] + field.at }, lane)
      return readerOf(field, base) + (field.isWritten ? writerOf(field, base) : '')
    }),
  ].join('')
}

function readerOf({ name, at, kind, parts, perThread }, base) {
  if (parts.length > 0) return method(name, '', 'v128', `return v128.load(${base}, ${at})`)
  const loaded = `load<${{ bool: 'i32', usize: 'u32' }[kind] ?? kind}>(${base}, ${at})`
  const value = { bool: `${loaded} != 0`, usize: `<usize>${loaded}` }[kind] ?? loaded
  const room = typeof perThread === 'string' ? `${perThread}()` : perThread
  return method(name, '', kind, `return ${value}${room === undefined ? '' : ` + thread * ${room}`}`)
}

function writerOf({ name, at, kind }, base) {
  const setter = `set${name[0].toUpperCase()}${name.slice(1)}`
  const stored = kind === 'bool' ? 'i32' : kind
  return method(setter, `value: ${stored}`, 'void', `store<${stored}>(${base}, value, ${at})`)
}

function method(name, parameters, type, statement) {
  return `export function ${name}(${parameters}): ${type} {\n  ${statement}\n}\n`
}
