import { markdownTable } from '../../pages/markdown-table.js'
import type { ClusterResults } from './measure-cluster.js'

const HEAD = ['links', 'workers', 'replicas', 'batch', 's an epoch', 'MB an epoch', 'kB a step']

/** What trainings on workers took, as Markdown. */
export function clusterTable({ rows }: ClusterResults): string {
  return markdownTable(
    HEAD,
    rows.map(({ links, workers, replicas, batch, secondsPerEpoch, megabytesPerEpoch, kilobytesPerStep }) => [
      links,
      String(workers),
      String(replicas),
      String(batch),
      secondsPerEpoch.toFixed(2),
      megabytesPerEpoch.toFixed(2),
      kilobytesPerStep.toFixed(1),
    ]),
  )
}
