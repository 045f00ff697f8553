import type { Mutant } from '../mutant.js'

export const HARDWARE: readonly Mutant[] = [
  {
    id: 'unknown-latency-is-none',
    why: 'where one latency is unknown, a run takes no longer than its ticks, whatever else is known',
    file: 'src/hardware/report/step-time.ts',
    find: 'mean.value ?? mean.atLeast',
    replace: 'mean.value ?? 0',
    tests: ['test/hardware/report/chip-report.test.ts', 'test/hardware/timing/simple-timing.test.ts'],
  },
  {
    id: 'narrowest-weights',
    why: 'the narrowest weights of a chip are never tried for a group that fits with them alone',
    file: 'src/hardware/fit/fit-group.ts',
    find: 'width >= weightBits.range[0]',
    replace: 'width > weightBits.range[0]',
    tests: ['test/hardware/fit/fit-chip.test.ts', 'test/cli/chip/place-profiles.ci.test.ts'],
  },
  {
    id: 'torus-tie',
    why: 'of two ways round a torus that are equally long the one to the west or south is taken',
    file: 'src/hardware/routing/grid.ts',
    find: '2 * forward <= size ?',
    replace: '2 * forward < size ?',
    tests: ['test/hardware/routing/grid.test.ts', 'test/hardware/routing/routes.test.ts'],
  },
  {
    id: 'multicast-packets',
    why: 'a chip that copies packets on their way is charged one for each target',
    file: 'src/hardware/timing/core-steps.ts',
    find: 'multicast ? Math.min(1, targets) : targets',
    replace: 'targets',
    tests: ['test/hardware/timing/simple-timing.test.ts'],
  },
  {
    id: 'packed-without-block',
    why: 'the block that begins a core is not counted there',
    file: 'src/hardware/fit/pack-groups.ts',
    find: '    meter.hold([])\n    return {\n      take: (block: number) => {\n        meter.add',
    replace:
      '    meter.hold([])\n    let isFirst = true\n    return {\n      take: (block: number) => {\n        if (isFirst) isFirst = false\n        else meter.add',
    tests: ['test/hardware/fit/fit-chip.test.ts', 'test/hardware/fit/fit-counts.test.ts'],
  },
]
