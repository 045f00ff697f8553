import { expect, test } from 'vitest'
import { InputError, RunError } from '../../src/events/errors.js'
import { coercedCalls, disguises, type Misspelt, type PublicCall, type SpoiltCall, spoiltCalls } from './public-call.js'

export type Callable = (...args: readonly unknown[]) => unknown

/** What a call raised; null if it succeeded. */
async function raisedBy(work: Callable, { after, close }: PublicCall, args: readonly unknown[]): Promise<unknown> {
  try {
    const result = await work(...args)
    await after?.(result as never)
    await close?.(result as never)
    return null
  } catch (error) {
    return error
  }
}

const isTold = (error: unknown) => error === null || error instanceof InputError || error instanceof RunError

/** Calls that end in anything but success or an error that says what to do. */
export async function surprises(work: Callable, call: PublicCall): Promise<readonly string[]> {
  const found: string[] = []
  const count = spoiltCalls(await call.args(), call.free).length
  for (let k = 0; k < count; k++) {
    // Made anew: what was opened for the last call may have been closed.
    const { how, args } = spoiltCalls(await call.args(), call.free)[k] as SpoiltCall
    const error = await raisedBy(work, call, args)
    if (!isTold(error)) found.push(`${how}: ${error}`)
  }
  return found
}

/** Tests of one function, and of all ways to spoil its arguments if that is wanted. */
export function describeCall(work: Callable, call: PublicCall, isSpoilt: boolean): void {
  test('works as it is meant to, or says why not', async () => {
    expect(await raisedBy(work, call, await call.args())).toSatisfy(isTold)
  })

  const { misspelt } = call
  if (isSpoilt) describeSpoilt(work, call)
  if (misspelt !== undefined) describeOptions(work, call, misspelt)
}

function describeSpoilt(work: Callable, call: PublicCall): void {
  test('says what is wrong with arguments of any type', async () => {
    expect(await surprises(work, call)).toEqual([])
  })

  test('takes nothing for a number, a text or a truth that is none', async () => {
    const found: string[] = []
    const count = coercedCalls(await call.args(), call).length
    for (let k = 0; k < count; k++) {
      const { how, args } = coercedCalls(await call.args(), call)[k] as SpoiltCall
      const error = await raisedBy(work, call, args)
      if (!(error instanceof InputError)) found.push(`${how}: ${error}`)
    }
    expect(found).toEqual([])
  })
}

function describeOptions(work: Callable, call: PublicCall, misspelt: Misspelt): void {
  test('refuses options that are no plain object', async () => {
    const found: string[] = []
    for (const [what, disguise] of Object.entries(disguises((await call.args())[misspelt.at] as object))) {
      const args = (await call.args()).map((each, k) => (k === misspelt.at ? disguise : each))
      const error = await raisedBy(work, call, args)
      if (!(error instanceof InputError && error.code === 'FIELD_TYPE')) found.push(`${what}: ${error}`)
    }
    expect(found).toEqual([])
  })

  test(`refuses "${misspelt.name}" and names "${misspelt.meant}"`, async () => {
    const args = [...(await call.args())]
    const { [misspelt.meant]: value, ...others } = args[misspelt.at] as Readonly<Record<string, unknown>>
    expect(value).toBeDefined()
    args[misspelt.at] = { ...others, [misspelt.name]: value }
    const error = await raisedBy(work, call, args)
    expect(error).toBeInstanceOf(InputError)
    const { code, message } = error as InputError
    // What must be there is missed, whatever stands in its place.
    if (code === 'FIELD_MISSING') expect(message).toContain(`${misspelt.meant}: found nothing`)
    else expect(message).toContain(`Did you mean "${misspelt.meant}"?`)
  })
}
