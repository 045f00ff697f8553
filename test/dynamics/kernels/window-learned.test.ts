import { describeKernel } from '../../suites/kernel-suite.js'
import { windowLearned } from './subjects.js'

describeKernel(windowLearned)
