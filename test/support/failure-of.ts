import { expect } from 'vitest'
import { RunError } from '../../src/events/errors.js'

/** The error that a call rejects with. @param Failure its class; that of the build is another one */
export async function failureOf(running: Promise<unknown>, Failure: typeof RunError = RunError): Promise<RunError> {
  const error = await running.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Failure)
  return error as RunError
}
