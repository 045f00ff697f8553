/** A preset whose trainings take 10 ms per epoch and draw two small pictures. */
export const TINY_PRESET = {
  format: 'antidrome-preset',
  version: 1,
  task: 'temporal-patterns',
  network: { hidden: [6] },
  data: { classes: 3, channels: 5, until: 70, sizes: { train: 12, validation: 3, test: 3 } },
  training: { learn: ['weights', 'delays'], epochs: 2, batch: 6, optimizer: { kind: 'adam', learningRate: 0.01 } },
}
