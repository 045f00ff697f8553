import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { packageVersion } from '../../actors/package-version.js'
import { messageOf } from '../../events/message-of.js'
import { exp } from '../../numerics/exp.js'
import { expm1 } from '../../numerics/expm1.js'
import { log } from '../../numerics/log.js'
import { log1p } from '../../numerics/log1p.js'
import { philox } from '../../numerics/philox.js'
import { tryWriting } from '../../storage/try-writing.js'
import { checkPartitions } from './partition-checks.js'
import type { SelfCheck } from './self-check.js'

const OLDEST_NODE = { major: 20, minor: 19 } as const

/** Looks at everything a run relies on. */
export async function runSelfChecks(): Promise<readonly SelfCheck[]> {
  return [
    { check: 'antidrome', ok: true, found: packageVersion(), expected: 'any version' },
    checkNode(process.versions.node),
    checkCores(availableParallelism()),
    checkByteOrder(),
    checkArithmetic(),
    checkGenerator(),
    await checkSockets(),
    ...(await checkPartitions()),
    await checkRunsFolder(),
  ]
}

function checkNode(version: string): SelfCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)
  return { check: 'node', ok, found: version, expected: `${OLDEST_NODE.major}.${OLDEST_NODE.minor} or later` }
}

function checkCores(cores: number): SelfCheck {
  return { check: 'cores', ok: cores >= 1, found: String(cores), expected: 'at least 1' }
}

/** Typed arrays are files and messages, so their bytes must lie the same way everywhere. */
function checkByteOrder(): SelfCheck {
  const found = hexadecimal(new Uint8Array(Float64Array.of(1).buffer))
  const expected = '00 00 00 00 00 00 f0 3f'
  return { check: 'byte order', ok: found === expected, found, expected: `${expected} for 1, little-endian` }
}

/** Correctly rounded, so every platform must find these very bits. */
const KNOWN_VALUES = [
  { name: 'exp(2)', value: () => exp(2), expected: 7.38905609893065 },
  { name: 'exp(-20.5)', value: () => exp(-20.5), expected: 1.2501528663867426e-9 },
  { name: 'log(3)', value: () => log(3), expected: 1.0986122886681098 },
  { name: 'log(7)', value: () => log(7), expected: 1.9459101490553132 },
  { name: 'expm1(0.001)', value: () => expm1(0.001), expected: 0.0010005001667083417 },
  { name: 'log1p(0.001)', value: () => log1p(0.001), expected: 0.0009995003330835331 },
] as const

function checkArithmetic(): SelfCheck {
  const wrong = KNOWN_VALUES.find(({ value, expected }) => !Object.is(value(), expected))
  const names = KNOWN_VALUES.map(({ name }) => name).join(', ')
  return {
    check: 'arithmetic',
    ok: wrong === undefined,
    found: wrong === undefined ? `the known bits of ${names}` : `${wrong.name} = ${wrong.value()}`,
    expected: wrong === undefined ? 'the known bits' : `${wrong.name} = ${wrong.expected}`,
  }
}

/** Known answer of Philox4x32-10 for counter 0 and key 0. Source: Salmon et al. 2011, `kat_vectors`. */
function checkGenerator(): SelfCheck {
  const block = new Uint32Array(4)
  philox(block, 0, 0)
  const found = Array.from(block, (word) => word.toString(16).padStart(8, '0')).join(' ')
  const expected = '6627e8d5 e169c58d bc57ac4c 9b00dbd8'
  return { check: 'random generator', ok: found === expected, found, expected }
}

/** A socket on this machine is what links between processes are made of. */
async function checkSockets(): Promise<SelfCheck> {
  const server = createServer()
  const found = await new Promise<string | null>((resolve) => {
    server.once('error', ({ message }) => resolve(message))
    server.listen(0, '127.0.0.1', () => resolve(null))
  })
  server.close()
  return { check: 'sockets', ok: found === null, found: found ?? 'a free port', expected: 'a free port on 127.0.0.1' }
}

/**
 * Also whether there is room for a file.
 *
 * @public for a test that runs it in a process which may write nothing
 */
export async function checkRunsFolder(): Promise<SelfCheck> {
  const exists = await stat('runs').then(
    () => true,
    () => false,
  )
  const folder = exists ? 'runs' : '.'
  const found = faultOf(() => tryWriting(folder))
  const expected = exists ? 'a folder runs that can be written to' : 'a folder in which runs can be made'
  return { check: 'runs folder', ok: found === null, found: found ?? 'writable', expected }
}

/** What goes wrong, as the system says it; null if nothing does. */
function faultOf(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    return messageOf(error)
  }
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
