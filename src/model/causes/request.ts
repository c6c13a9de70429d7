// What a request asks for that cannot be.
import type { CauseRow } from './row.ts'

export const requestCauses = {
  'Request.FlavorUnknown': {
    sentence: 'The flavor does not exist, or the project may not use it.',
    fault: 'request',
    remedy: 'Name a flavor that exists.',
  },
  'Request.KeyPairUnknown': {
    sentence: 'The key pair does not exist, or belongs to another user.',
    fault: 'request',
    remedy: 'Name a key pair of the same user.',
  },
  'Request.ZoneUnknown': {
    sentence: 'The availability zone does not exist.',
    fault: 'request',
    remedy: 'Ask for another availability zone, or for none.',
  },
  'Request.ServerUnknown': {
    sentence: 'The server does not exist, is deleted, or belongs to another project.',
    fault: 'request',
    remedy: 'Check the id of the server and the project of the token.',
  },
  'Request.GroupUnknown': {
    sentence: 'The server group does not exist.',
    fault: 'request',
    remedy: 'Name a server group of the project.',
  },
  'Request.Invalid': {
    sentence: 'The body or the query has a value that is not allowed.',
    fault: 'request',
    remedy: 'Correct the field the message names.',
  },
  'Request.Malformed': {
    sentence: 'The body cannot be read, or asks for no action that exists.',
    fault: 'request',
    remedy: 'Send one JSON object with one action.',
  },
  'Request.Microversion': {
    sentence: 'The microversion is not served, or does not have what was asked for.',
    fault: 'request',
    remedy: 'Ask for a microversion this cloud serves; for new fields a newer one.',
  },
  'Request.NotFound': {
    sentence: 'What was asked for does not exist.',
    fault: 'request',
    remedy: 'Check the id, the path and the project of the token.',
  },
  'Request.Conflict': {
    sentence: 'What was asked for contradicts what is there.',
    fault: 'request',
    remedy: 'Look at what is there now and ask again.',
  },
  'Request.NameTaken': {
    sentence: 'Something of that name is there already.',
    fault: 'request',
    remedy: 'Choose another name.',
  },
  'Request.TooLarge': {
    sentence: 'The request is too large.',
    fault: 'request',
    remedy: 'Send a smaller body.',
  },
  'Request.ContentType': {
    sentence: 'The content type is not understood.',
    fault: 'request',
    remedy: 'Send application/json.',
  },
  'Request.TooManyAtOnce': {
    sentence: 'Requests come faster than is allowed.',
    fault: 'request',
    remedy: 'Wait, then try again more slowly.',
  },
  'Request.NotImplemented': {
    sentence: 'This cloud, or the driver of the host, cannot do this.',
    fault: 'request',
    remedy: 'Do it another way: nothing in the request will help.',
  },
  'Request.SameFlavor': {
    sentence: 'The server has that flavor already.',
    fault: 'request',
    remedy: 'Choose another flavor.',
  },
  'Request.SmallerDisk': {
    sentence: 'The disk of the new flavor is smaller than the server needs.',
    fault: 'request',
    remedy: 'Choose a flavor whose disk is at least as large.',
  },
  'Request.NotResized': {
    sentence: 'The server has not been resized, so that there is nothing to confirm or revert.',
    fault: 'request',
    remedy: 'Look at the status of the server: only VERIFY_RESIZE can be confirmed or reverted.',
  },
  'Request.UserData': {
    sentence: 'The user data is too large or not base64.',
    fault: 'request',
    remedy: 'Encode it as base64, at most 65535 bytes.',
  },
  'Request.Gone': {
    sentence: 'That part of the interface was removed.',
    fault: 'request',
    remedy: 'Use what took its place.',
  },
  'Request.MinCount': {
    sentence: 'The least number of servers is above the most.',
    fault: 'request',
    remedy: 'Ask for a min_count of at most max_count.',
  },
  'Request.FlavorSpecs': {
    sentence: 'Extra specs of the flavor contradict each other, or the image.',
    fault: 'request',
    remedy: 'Correct the flavor, or use another image.',
  },
  'Request.Refused': {
    sentence: 'The request was refused.',
    fault: 'request',
    remedy: 'Correct what the message names.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
