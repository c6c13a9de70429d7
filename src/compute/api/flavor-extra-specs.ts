// Extra specs of flavors: what a server of the flavor asks of its host beyond amounts.
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { extraSpecProblem } from '../extra-specs.ts'
import { extraSpecsOf, type FlavorRow, holdFlavor, writeExtraSpecs } from '../store/flavors.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { flavorInPath, notifyFlavorUpdate } from './flavors.ts'
import { versionOf } from './negotiate.ts'
import type { CreateExtraSpecsBody, UpdateExtraSpecBody } from './schemas/flavors.ts'

type Specs = Readonly<Record<string, string>>

export const listExtraSpecs = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-extra-specs:index')
  return json(200, { extra_specs: extraSpecsOf(await flavorInPath(call)) })
}

export const showExtraSpec = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-extra-specs:show')
  const flavor = await flavorInPath(call)
  const key = call.params.key! // in the route's path
  const value = extraSpecsOf(flavor)[key]
  if (value === undefined) throw fault('FlavorExtraSpecNotFound', { flavor: flavor.id, key })
  return json(200, { [key]: value })
}

export const createExtraSpecs = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-extra-specs:create')
  const body = bodyOf<CreateExtraSpecsBody>(call)
  const added = checked(call, body.extra_specs)
  await change(call, specs => ({ ...specs, ...added }))
  return json(200, { extra_specs: added })
}

export const updateExtraSpec = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-extra-specs:update')
  const key = call.params.key! // in the route's path
  const body = bodyOf<UpdateExtraSpecBody>(call)
  if (!Object.hasOwn(body, key)) throw fault('FlavorExtraSpecMismatch')
  const added = checked(call, body)
  await change(call, specs => ({ ...specs, ...added }))
  return json(200, added)
}

export const deleteExtraSpec = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-extra-specs:delete')
  const key = call.params.key! // in the route's path
  await change(call, (specs, flavor) => {
    if (!Object.hasOwn(specs, key)) throw fault('FlavorExtraSpecNotFound', { flavor, key })
    const { [key]: _removed, ...rest } = specs
    return rest
  })
  return empty(200)
}

/** Values as text; from 2.86 on, each is checked against what its namespace allows. */
function checked(call: ComputeCall, given: Readonly<Record<string, string | number>>): Specs {
  const specs = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]))
  if (versionOf(call).has('checkedExtraSpecs'))
    for (const [key, value] of Object.entries(specs)) {
      const reason = extraSpecProblem(key, value)
      if (reason !== undefined) throw fault('FlavorExtraSpecInvalid', { reason })
    }
  return specs
}

async function change(call: ComputeCall, apply: (specs: Specs, flavor: string) => Specs): Promise<void> {
  const { id } = await flavorInPath(call)
  const flavor = await call.deps.store.accept<ComputeTables, FlavorRow>(async tx => {
    const held = await holdFlavor(tx, id)
    if (!held) throw fault('FlavorNotFound', { flavor: id })
    const specs = apply(extraSpecsOf(held), id)
    await writeExtraSpecs(tx, id, specs)
    return { ...held, extra_specs_json: JSON.stringify(specs) }
  })
  await notifyFlavorUpdate(call, flavor)
}
