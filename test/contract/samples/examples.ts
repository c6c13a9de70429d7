// What samples call by an example's name, and who it is here. Names that are free to choose are sent as they are.
import type { Stage } from './stage.ts'
import * as states from './states.ts'

type Real = (stage: Stage) => Promise<unknown>

export const examples: Readonly<Record<string, Real>> = {
  '70a599e0-31e7-49b7-b260-868f441e862b': states.describedImage,
  fake_tenant: async stage => stage.cloud.projectId.demo,
  'us-west': states.zone,
  '6': states.specialFlavor,
  'new-key': stage => states.keypair(stage),
  '48e6a9f6-30af-47e0-bc04-acaed113bb4e': states.standing,
  '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}': states.standing,
  'f3d86fe6-4246-4be8-b87c-eb894626c741': states.group,
  'e1882e38-38c2-4239-ade7-35d644cb963a': states.networkId,
  '3cb9bc59-5699-4588-a4b1-b87f96708bc6': states.networkId,
  '3df201cf-2451-44f2-8d25-a4ca826fc1f3': states.standing,
}
