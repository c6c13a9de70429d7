// What a log may hold and a terminal must never get: escapes, controls, marks that turn the direction of text. They go
// before anything is read, so that nothing stored has them. Every pattern is linear: what follows an introducer never
// contains one.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const unclean = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
// ECMA-48: CSI with its parameters; OSC, DCS, SOS, PM and APC up to their terminator; other two-character escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const csi = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const strings = /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const short = /\x1b[ -/]*[0-~]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const controls = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
// Colour codes whose ESC a collector dropped or wrote as text.
const bare = /(?:#033|\\u001b|\\x1b|\^\[)\[[0-9;]*m|\[(?:0?0|0?[01];3[0-7])m/g

/** The text without escapes, controls (tabs stay) and bidirectional marks. */
export function cleaned(text: string): string {
  let visible = text
  if (unclean.test(text)) {
    // Colours are all that most logs have.
    visible = text.replace(csi, '')
    if (unclean.test(visible)) visible = visible.replace(strings, '').replace(short, '').replace(controls, '')
  }
  return visible.includes('[0') && visible.includes('m') ? visible.replace(bare, '') : visible
}
