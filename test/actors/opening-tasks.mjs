// A module that opens a cluster as it is imported, as a program would that holds its task, too.
const { openCluster, singleCore, defineNetwork, source } = await import('../../dist/bundle/index.js')
const network = defineNetwork({ groups: { input: source(1) }, projections: [] })
await openCluster(network, singleCore(network), { transport: 'thread' })

export function clicks() {}
