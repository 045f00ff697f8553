/** Costs of events in pJ and ns. */
type Costs = Readonly<Record<string, readonly [energy: number, latency: number]>>

/** Those of Loihi as SANA-FE has them. */
const COSTS: Costs = {
  north_hop: [4.2, 6.5],
  east_hop: [3, 4.1],
  south_hop: [4.2, 6.5],
  west_hop: [3, 4.1],
  message_in: [0, 16],
  process_spike: [35.5, 3.8],
  update: [0, 0],
  access_neuron: [51.2, 6],
  update_neuron: [21.6, 3.7],
  spike_out: [69.3, 30],
  message_out: [111, 5.1],
}

interface ArchitectureOptions {
  readonly costs?: Costs
  /** Of the network on the chip. */
  readonly attributes?: string
  readonly tiles?: string
  readonly cores?: string
  /** Of a core. */
  readonly buffer?: string
  /** More units of a section, and what else is to be in the file. */
  readonly more?: Readonly<Record<string, string>>
}

/** An architecture file of SANA-FE: 8 x 4 tiles of 4 cores if nothing else is said. */
export function architectureText({
  costs = {},
  attributes = 'width: 8, height: 4, link_buffer_size: 16, sync_model: table, latency_sync: {1: 0.6e-6, 2: 1.0e-6, 4: 1.4e-6, 29: 1.8e-6}',
  tiles = 'tile[0..31]',
  cores = 'core[0..3]',
  buffer = 'buffer_position: soma, max_neurons_supported: 1024',
  more = {},
}: ArchitectureOptions = {}): string {
  const all = { ...COSTS, ...costs }
  const events = (...names: readonly string[]) =>
    names
      .flatMap((name) => {
        const [energy, latency] = all[name]!
        return [`energy_${name}: ${energy}e-12`, `latency_${name}: ${latency}e-9`]
      })
      .join(', ')
  const unit = (section: string, ...names: readonly string[]) => `
          ${section}:
            - name: a_${section}
              attributes: {${section.startsWith('axon') ? '' : 'model: some, '}${events(...names)}}
${more[section] ?? ''}`
  return `# An architecture.
architecture:
  name: a_chip
  attributes: {${attributes}}
  tile:
    - name: ${tiles}
      attributes: {${events('north_hop', 'east_hop', 'south_hop', 'west_hop')}}
      core:
        - name: ${cores}
          attributes: {${buffer}}
${unit('axon_in', 'message_in')}${unit('synapse', 'process_spike')}${unit('dendrite', 'update')}${unit(
  'soma',
  'access_neuron',
  'update_neuron',
  'spike_out',
)}${unit('axon_out', 'message_out')}
${more.top ?? ''}`
}
