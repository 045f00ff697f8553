/**
 * Variable of the environment that is set where a partition lives: a module that it imports to make a task, and that opens a
 * cluster as it is imported, would do so without end.
 */
export const IN_PARTITION = 'ANTIDROME_PARTITION'
