import { markdownTable } from '../../pages/markdown-table.js'
import type { ClusterResults } from './measure-cluster.js'

const HEAD = ['links', 'workers', 's an epoch', 'MB an epoch']

/** What trainings on workers took, as Markdown. */
export function clusterTable({ rows }: ClusterResults): string {
  return markdownTable(
    HEAD,
    rows.map(({ links, workers, secondsPerEpoch, megabytesPerEpoch }) => [
      links,
      String(workers),
      secondsPerEpoch.toFixed(2),
      megabytesPerEpoch.toFixed(2),
    ]),
  )
}
