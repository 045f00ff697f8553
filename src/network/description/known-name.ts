/**
 * The type of a name that may be `Given`: one of `Names`, or whatever it is where all that is known of it is that it is a
 * text. So a misspelt name is a compile error, and one that a program reads from somewhere is not.
 */
export type KnownName<Given extends string, Names extends string> = string extends Given ? Given : Names
