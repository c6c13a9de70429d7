// Small shapes many views share.

export interface Link {
  readonly rel: string
  readonly href: string
  readonly type?: string
}
