import { relative } from 'node:path'
import { DefaultReporter, type TestModule, type TestSpecification } from 'vitest/node'
import { timeTable, writeTimes } from './file-times.js'

/**
 * The default report, which says of each file that has ended how many of how many these are: `[17/268] ✓ test/…`. At the
 * end it prints the CPU time of each part, and keeps that of each file.
 */
export class ProgressReporter extends DefaultReporter {
  private ended = 0
  private total = 0
  private readonly times = new Map<string, number>()

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.ended = 0
    this.total = specifications.length
    this.times.clear()
    super.onTestRunStart(specifications)
  }

  override onTestModuleEnd(module: TestModule): void {
    this.ended++
    const { cpu } = module.meta() as { readonly cpu?: number }
    if (cpu !== undefined) this.times.set(relative(this.ctx.config.root, module.moduleId), cpu)
    super.onTestModuleEnd(module)
  }

  override onTestRunEnd(...ended: Parameters<DefaultReporter['onTestRunEnd']>): void {
    super.onTestRunEnd(...ended)
    const { user, system } = process.cpuUsage()
    this.times.set('vitest', (user + system) / 1e6)
    writeTimes(this.ctx.config.root, this.times)
    if (this.total > 1) for (const line of timeTable(this.times)) this.log(line)
  }

  protected override getEntityPrefix(entity: Parameters<DefaultReporter['getEntityPrefix']>[0]): string {
    const prefix = super.getEntityPrefix(entity)
    return entity.type === 'module' ? `[${this.ended}/${this.total}] ${prefix}` : prefix
  }
}
