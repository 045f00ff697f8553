import { AntidromeError, InputError, RunError } from '../../events/errors.js'
import { exhaustionIn, exhaustionOf } from '../../events/exhaustion.js'
import { LinkError } from '../../streams/link-error.js'
import type {
  CoreWorkerEnd,
  EndReport,
  FailureReport,
  FoulReport,
  LateReport,
  LinkReport,
  RefusalReport,
} from './failure-report.js'
import { hangIn } from './hang-words.js'
import { detailsOfPlace, nameOfCore, nameOfCores, type Whereabouts } from './name-of-cores.js'

/**
 * The one error that a set of reports amounts to, with the link and the last watermark it is seen by.
 *
 * A core that has sent what cannot be read comes first, and no other report of it counts (CORE_FAILED). A refusal is raised
 * as it is. Then a process that ended explains every broken link (CORE_DIED), unless it did so because the coordinator had
 * given it up; a peer that sends what it must not comes before one that is silent (CORE_FAILED, CORE_SILENT); a link that
 * broke between two living processes comes last (CORE_UNREACHABLE), but for partitions that were not ready in time
 * (CORE_LATE).
 *
 * @param where default: all cores are on this machine, and without replicas
 */
export function chooseFailure(reports: readonly FailureReport[], where: Whereabouts = {}): Error {
  const foul = reports.find((report) => report.kind === 'foul')
  if (foul !== undefined) return sentFoul(foul, where)
  const refusals = reports.filter((report) => report.kind === 'refused').sort((a, b) => a.core - b.core)
  if (refusals[0] !== undefined) return refused(refusals[0], where)
  const links = reports.filter((report) => report.kind === 'link')
  const end = reports.find((report) => report.kind === 'ended' && !isEffect(report, reports))
  if (end?.kind === 'ended') return coreDied(end, links, where)
  const worst = worstOf(links)
  if (worst !== null) return linkFailed(worst, links, where)
  const late = reports.find((report) => report.kind === 'late')
  if (late !== undefined) return coresLate(late, where)
  return new RunError({ code: 'CLUSTER_FAILED', message: 'The cluster failed for no reason that is known.' })
}

/** Whether no report is outstanding that could say more of an ended process. */
export function isConclusive(reports: readonly FailureReport[], neighbours: readonly (readonly number[])[]): boolean {
  if (reports.some(({ kind }) => kind === 'refused' || kind === 'foul')) return true
  const ended = new Set(reports.flatMap((report) => (report.kind === 'ended' ? report.cores : [])))
  const heard = new Set(reports.flatMap((report) => (report.kind === 'link' ? [report.core] : [])))
  const isHeard = (core: number) => heard.has(core) || ended.has(core)
  return ended.size > 0 && [...ended].every((core) => neighbours[core]?.every(isHeard) ?? true)
}

/**
 * Whether a core worker ended only because the coordinator had ended a link to one of its cores: then that link's failure
 * counts. One whose module hangs had fallen silent because of the module.
 */
function isEffect(end: EndReport, reports: readonly FailureReport[]): boolean {
  if (hangIn(end.end.lastWords) !== null) return false
  const before = reports.slice(0, reports.indexOf(end))
  return before.some((report) => {
    if (report.kind !== 'link' || report.core !== null || report.peer === null) return false
    return end.cores.includes(report.peer) && severityOf(report) !== 'broken'
  })
}

function sentFoul({ core, error }: FoulReport, where: Whereabouts): RunError {
  const { field, found, expected } = error.mistake
  return new RunError({
    code: 'CORE_FAILED',
    message: `${nameOfCores([core], where)} failed: what it sent cannot be right. ${error.message}`,
    details: { core, ...detailsOfPlace(core, where), field, found, expected },
    cause: error,
  })
}

/** Whether a core has sent what cannot be right: that does not happen by accident. */
export function isFoul({ code, details }: RunError): boolean {
  return code === 'CORE_FAILED' && details.field !== undefined
}

/** As it is, but for one that has run out of something, or cannot load a module: then it matters which. */
function refused({ core, error }: RefusalReport, where: Whereabouts): Error {
  const place = detailsOfPlace(core, where)
  if (error instanceof InputError && error.code === 'MODULE_FAILED') {
    const worker = place.worker === undefined ? '' : `, on worker ${place.worker} (${place.machine})`
    return new InputError({
      ...error.mistake,
      found: `on ${nameOfCore(core, where.each)}${worker}: ${error.mistake.found}`,
      cause: error,
    })
  }
  return exhaustionOf(error, nameOfCores([core], where), { core, ...place }) ?? error
}

function coreDied({ cores, end }: EndReport, links: readonly LinkReport[], where: Whereabouts): RunError {
  const seen = bestViewOf(cores, links)
  const hang = hangIn(end.lastWords)
  const exhaustion = hang === null ? exhaustionIn(end.lastWords) : null
  const [core = -1] = cores
  const [it, names] = [cores.length === 1 ? 'it' : 'what held them', nameOfCores(cores, where)]
  const ran = exhaustion === null ? mannerOf(end, it) : `${it} ran ${exhaustion.what} (${end.lastWords})`
  const remedy = hang === null ? exhaustion?.remedy : PATIENCE
  return new RunError({
    code: 'CORE_DIED',
    message: sentences(`${names} died: ${hang?.words ?? ran}.`, viewOf(seen), remedy === undefined ? wordsOf(end) : ''),
    ...(remedy === undefined ? {} : { remedy }),
    details: {
      core,
      ...(cores.length === 1 ? {} : { cores: cores.join(', ') }),
      ...detailsOfPlace(core, where),
      ...hang?.details,
      ...(end.exitCode === null ? {} : { exitCode: end.exitCode }),
      ...(end.signal === null ? {} : { signal: end.signal }),
      ...detailsOf(seen),
    },
    ...causeOf(seen),
  })
}

/** What helps a module that is only slow. */
const PATIENCE = 'Mend the module, or raise silence if it needs that long.'

function linkFailed(report: LinkReport, links: readonly LinkReport[], where: Whereabouts): RunError {
  const kind = severityOf(report)
  const core = report.peer ?? report.core ?? 0
  const alike = links.filter((link) => severityOf(link) === kind)
  const seen = kind === 'foul' ? report : (bestViewOf([core], alike) ?? report)
  const code = { foul: 'CORE_FAILED', silent: 'CORE_SILENT', broken: 'CORE_UNREACHABLE' }[kind]
  const name = nameOfCores([core], where)
  // Whether one on another machine has ended is not known here.
  const known = detailsOfPlace(core, where).worker === undefined ? ', though it has not ended' : ''
  const what = {
    foul: `${name} failed.`,
    silent: `${name} fell silent.`,
    broken: `${name} can no longer be reached${known}.`,
  }[kind]
  return new RunError({
    code,
    message: sentences(what, viewOf(seen)),
    details: { core, ...detailsOfPlace(core, where), ...detailsOf(seen) },
    ...causeOf(seen),
  })
}

/** What helps partitions that were not ready in time. */
export const MORE_TIME = 'Raise startLimit if the machine is slow or the network large.'

/** What helps where a module is why. */
const MEND_MODULE = 'Mend the module if it never comes to its end.'

function coresLate({ cores, limit, unheard, loading }: LateReport, where: Whereabouts): RunError {
  const isOne = cores.length === 1
  const [core = -1] = cores
  const names = `${nameOfCores(cores, where)} ${isOne ? 'was' : 'were'}`
  const silence = `${isOne ? 'It has' : 'They have'} said nothing in the last ${unheard} ms.`
  return new RunError({
    code: 'CORE_LATE',
    message: sentences(
      `${names} not ready after ${limit} ms.`,
      unheard === null ? '' : silence,
      loading === undefined ? '' : `What ${isOne ? 'it is' : 'they are'} loading is the module ${loading}.`,
    ),
    details: {
      core,
      ...detailsOfPlace(core, where),
      limit,
      ...(unheard === null ? {} : { unheard }),
      ...(loading === undefined ? {} : { module: loading }),
    },
    remedy: loading === undefined ? MORE_TIME : `${MEND_MODULE} ${MORE_TIME}`,
  })
}

/** What a side sees whose peer, or whose peer's peer, is at fault. */
const EFFECTS: readonly string[] = ['LINK_BROKEN', 'LINK_CLOSED', 'LINK_PEER_FAILED', 'LINK_UNREACHABLE']

/** Whether a start that took too long had met with silence: then it is as if a partition had been lost. */
export function isSilentStart({ code, details }: RunError): boolean {
  return code === 'CORE_LATE' && details.unheard !== undefined
}

type Severity = 'foul' | 'silent' | 'broken'

function severityOf({ error }: LinkReport): Severity {
  const code = error instanceof AntidromeError ? error.code : ''
  if (code === 'LINK_SILENT' || code === 'LINK_HANDSHAKE_TIMEOUT') return 'silent'
  return EFFECTS.includes(code) ? 'broken' : 'foul'
}

/** The report nearest to the cause: the gravest, and among equals the first. */
function worstOf(links: readonly LinkReport[]): LinkReport | null {
  for (const severity of ['foul', 'silent', 'broken'] as const) {
    const found = links.find((report) => severityOf(report) === severity)
    if (found !== undefined) return found
  }
  return null
}

/** The link to one of the cores over which spikes came last; the coordinator's own carries none. */
function bestViewOf(cores: readonly number[], links: readonly LinkReport[]): LinkReport | null {
  const views = links.filter(({ peer }) => peer !== null && cores.includes(peer))
  const rank = ({ core: seenBy, error }: LinkReport) =>
    ('watermark' in detailsOfError(error) ? 2 : 0) + (seenBy === null ? 0 : 1)
  return [...views].sort((a, b) => rank(b) - rank(a))[0] ?? null
}

function detailsOfError(error: Error): Readonly<Record<string, string | number>> {
  return error instanceof AntidromeError ? error.details : {}
}

function viewOf(report: LinkReport | null): string {
  if (report === null) return ''
  const { message } = report.error
  return report.error instanceof LinkError ? message : `Link ${nameOf(report)}: ${message}`
}

function nameOf({ core, peer }: LinkReport): string {
  const name = (index: number | null) => (index === null ? 'coordinator' : `core ${index}`)
  return `${name(core)} - ${name(peer)}`
}

function detailsOf(report: LinkReport | null): Record<string, string | number> {
  if (report === null) return {}
  const { link = nameOf(report), watermark, stream } = detailsOfError(report.error)
  return {
    link,
    peer: report.peer === null ? 'coordinator' : `core ${report.peer}`,
    ...(watermark === undefined ? {} : { watermark }),
    ...(stream === undefined ? {} : { stream }),
  }
}

function causeOf(report: LinkReport | null): { readonly cause?: Error } {
  return report === null ? {} : { cause: report.error }
}

function mannerOf({ exitCode, signal, isOutOfReach = false }: CoreWorkerEnd, it: string): string {
  if (isOutOfReach) return `${it === 'it' ? 'its machine' : 'the machine of what held them'} is out of reach`
  if (signal !== null) return `signal ${signal}`
  return exitCode === null ? `${it} could not be started` : `exit code ${exitCode}`
}

function wordsOf({ lastWords }: CoreWorkerEnd): string {
  return lastWords === ''
    ? ''
    : `Its last words: ${lastWords
        .split('\n')
        .map((line) => line.trim())
        .join(' | ')}`
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
