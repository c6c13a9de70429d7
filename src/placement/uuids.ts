// Placement keeps UUIDs with dashes, however they were sent.

/** `8-4-4-4-12`, lower-case, of a text that passed isUuidLike. */
export const dashed = (uuid: string): string => {
  const hex = uuid.replaceAll('-', '').toLowerCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
