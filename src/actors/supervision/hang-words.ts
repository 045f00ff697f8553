import type { VerbMoment } from '../../network/modules/module-verbs.js'

/** The words of a module that hangs; `hangIn` finds them. @param limit in ms, after which it is given up */
export function hangInWords(moment: VerbMoment, limit: number): string {
  const { verb, trial, time, module } = moment
  const within = trial === null ? '' : moment.kind === 'task' ? ` from sample ${trial} on` : ` in trial ${trial}`
  const at = time === null ? '' : ` ${WHEN[moment.kind]} ${time} ms`
  return `${verb} of ${ownerOf(moment)}${within}${at} (${module}) has not come back for ${Math.round(limit)} ms.`
}

/** An actor continues from a time, an operator gets spikes from a time on, a loss gets a trial up to its end. */
const WHEN = { actor: 'from', operator: 'from', loss: 'until', task: 'at' } as const

function ownerOf({ kind, name, group }: VerbMoment): string {
  switch (kind) {
    case 'actor':
      return `the actor "${group}"`
    case 'operator':
      return `an operator of the projection "${name}" into "${group}"`
    case 'loss':
      return `the loss "${name}" of the group "${group}"`
    case 'task':
      return `the split "${name}" of the task "${group}"`
  }
}

/** A hanging module that words tell of. */
export interface ToldHang {
  /** Without the full stop. */
  readonly words: string
  /** What it names, for programs. */
  readonly details: Readonly<Record<string, string | number>>
}

const OWNER =
  /the actor "(?<actor>.*)"|an operator of the projection "(?<projection>.*)" into "(?<target>.*)"|the loss "(?<loss>.*)" of the group "(?<observed>.*)"|the split "(?<split>.*)" of the task "(?<task>.*)"/
const HANG = new RegExp(
  `^(?<verb>\\w+) of (?:${OWNER.source})(?: in trial (?<trial>\\d+)| from sample (?<sample>\\d+) on)?(?: (?:from|until|at) (?<time>\\S+) ms)? \\((?<module>.*)\\) has not come back for \\d+ ms(?=\\.$)`,
  'm',
)

/** What the last words of a process or thread say of a module that hangs; null if they say nothing of the kind. */
export function hangIn(text: string): ToldHang | null {
  const found = HANG.exec(text)
  if (found === null) return null
  const { verb = '', actor, target, observed, projection, loss, trial, time, module = '' } = found.groups ?? {}
  const { split, task, sample } = found.groups ?? {}
  return {
    words: found[0],
    details: {
      ...{ module, verb },
      ...(split === undefined || task === undefined ? { group: actor ?? target ?? observed ?? '' } : { task, split }),
      ...(sample === undefined ? {} : { sample: Number(sample) }),
      ...(projection === undefined ? {} : { projection }),
      ...(loss === undefined ? {} : { loss }),
      ...(trial === undefined ? {} : { trial: Number(trial) }),
      ...(time === undefined ? {} : { time: Number(time) }),
    },
  }
}
