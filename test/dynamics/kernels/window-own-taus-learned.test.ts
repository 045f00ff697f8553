import { describeKernel } from '../../suites/kernel-suite.js'
import { windowOwnTausLearned } from './subjects.js'

describeKernel(windowOwnTausLearned)
