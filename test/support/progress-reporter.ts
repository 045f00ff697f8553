import { DefaultReporter, type TestModule, type TestSpecification } from 'vitest/node'

/** The default report, which says of each file that has ended how many of how many these are: `[17/268] ✓ test/…`. */
export class ProgressReporter extends DefaultReporter {
  private ended = 0
  private total = 0

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.ended = 0
    this.total = specifications.length
    super.onTestRunStart(specifications)
  }

  override onTestModuleEnd(module: TestModule): void {
    this.ended++
    super.onTestModuleEnd(module)
  }

  protected override getEntityPrefix(entity: Parameters<DefaultReporter['getEntityPrefix']>[0]): string {
    const prefix = super.getEntityPrefix(entity)
    return entity.type === 'module' ? `[${this.ended}/${this.total}] ${prefix}` : prefix
  }
}
