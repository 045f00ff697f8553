import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { wholeNumberList, wrongValue } from '../../network/reading/flag-values.js'

/** More trainings than this at a time are taken for a mistake. */
const MOST = 1000

export function addSeedsFlag(command: Command): Command {
  return command.option(
    '--seeds <list>',
    'train once per seed, such as 1..5 or 1,3,7, in runs/<name>/seed-<n>/, and tell mean and standard deviation (default: --seed alone)',
    seedList('--seeds'),
  )
}

/** A parser of seeds: a range such as 1..5, or integers with commas between them. */
export function seedList(flag: string): (text: string) => readonly number[] {
  const list = wholeNumberList(flag, 0)
  return (text) => {
    const [, low, high] = /^(\d+)-(\d+)$/.exec(text) ?? []
    if (low !== undefined && high !== undefined)
      throw wrongValue(flag, text, 'a range such as 1..5, or integers with commas', `Did you mean ${low}..${high}?`)
    const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(text) ?? []
    if (first === undefined || last === undefined) return list(text)
    const [from, to] = [Number(first), Number(last)]
    const count = to - from + 1
    if (!Number.isSafeInteger(to) || count < 1 || count > MOST)
      throw wrongValue(flag, text, `a range that rises, of at most ${MOST} integers from 0`)
    return Array.from({ length: count }, (_, k) => from + k)
  }
}

/** Raises `InputError` FLAG_CONFLICT if one seed is given beside several. */
export function refuseSeedBesideSeeds(command: Command): void {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  if (!isGiven('seeds') || !isGiven('seed')) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--seed',
    found: 'the flag beside --seeds',
    expected: 'one of the two',
    remedy: 'Keep the one you mean.',
  })
}
