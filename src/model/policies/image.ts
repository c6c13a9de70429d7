// Who may do what in the image service, by default. The project of the target is the image's owner; whether somebody
// sees an image at all (public, community, shared with them) is decided before any of these rules is asked.
import type { PolicyCheck } from './check.ts'

export const imagePolicies = {
  'image:get_images': 'reader',
  'image:get_image': 'reader',
  'image:add_image': 'member',
  'image:modify_image': 'member',
  'image:delete_image': 'member',
  'image:upload_image': 'member',
  'image:download_image': 'member',
  'image:publicize_image': 'admin',
  'image:communitize_image': 'member',
  'image:deactivate': 'member',
  'image:reactivate': 'member',
  'image:get_members': 'reader',
  'image:add_member': 'member',
  'image:modify_member': 'member',
  'image:delete_member': 'member',
  'image:stores_info_detail': 'admin',
} satisfies Record<string, PolicyCheck>
