// Images: nova.image.glance, nova.virt.images, nova.exception, glance.
import { cause, type Rule, root, wrapper } from './rule.ts'

export const imageRules: readonly Rule[] = [
  root(
    'Image.Checksum',
    /(?:Corrupt image download|checksum (?:is|was) \S{1,130} expected|Image \S{1,60} checksum verification failed|hash verification failed|md5 (?:sum|checksum) mismatch)[^\n]{0,160}/i,
    'Corrupt image download. Checksum was 17ab expected 9d3c',
    'the data of the image arrived damaged',
  ),
  root(
    'Image.Signature',
    /Signature verification for the image failed|Image signature certificate validation failed|SignatureVerificationError|CertificateValidationError|image signature/i,
    'Signature verification for the image failed.',
    'the signature of the image could not be verified',
  ),
  cause(
    'Image.TooLarge',
    /Flavor(?:'s)? disk is too small for requested image\.?(?: Flavor disk is (?<disk>\d{1,20}) bytes, image is (?<size>\d{1,20}) bytes)?/,
    'Flavor disk is too small for requested image. Flavor disk is 1073741824 bytes, image is 2361393152 bytes.',
    'the image does not fit on the disk of the flavor: disk {disk} bytes, image {size} bytes',
  ),
  cause(
    'Image.TooLarge',
    /FlavorDiskSmallerThanImage|The created instance's disk would be too small|FlavorDiskTooSmall|InstanceTypeDiskTooSmall/,
    "nova.exception.FlavorDiskTooSmall: The created instance's disk would be too small.",
    'the image does not fit on the disk of the flavor',
  ),
  cause(
    'Image.TooLarge',
    /Image (?<image>\S{1,60}) virtual size (?<size>\d{1,9})\s?GB? (?:and doesn't|is larger|doesn't) fit/,
    "Image 713e virtual size 30GB and doesn't fit in a volume of size 10GB.",
    'image {image} has {size} GB and does not fit',
  ),
  cause(
    'Image.MinDisk',
    /Flavor disk is smaller than the minimum size specified in image metadata\.?(?: Flavor disk is (?<disk>\d{1,20}) bytes, minimum size is (?<min>\d{1,20}) bytes)?|FlavorDiskSmallerThanMinDisk/,
    'Flavor disk is smaller than the minimum size specified in image metadata. Flavor disk is 1073741824 bytes, minimum size is 21474836480 bytes.',
    'the image asks for a larger disk: flavor {disk} bytes, minimum {min} bytes',
  ),
  cause(
    'Image.MinRam',
    /Flavor(?:'s)? memory is too small for requested image|FlavorMemoryTooSmall|InstanceTypeMemoryTooSmall/,
    "Flavor's memory is too small for requested image.",
    'the image asks for more memory than the flavor has',
  ),
  root(
    'Image.Format',
    /(?:fmt=\S{1,20} backed by|Image content does not match (?:disk_format|the disk_format|format)|Invalid image format|Image not in expected format|not a valid \S{1,20} image|Unsupported disk image format|Image disk format \S{1,30} (?:is )?not (?:supported|acceptable)|Disk format \S{1,30} is not acceptable|Converted to \S{1,20}, but format is now|image file format[^\n]{0,60}(?:unknown|not supported)|Failed safety check|ImageFormatError|InvalidDiskFormat|detected format)[^\n]{0,160}/i,
    'Image 713e is unacceptable: Image content does not match disk_format',
  ),
  root(
    'Image.Format',
    /Image \S{1,60} is unacceptable: (?<why>[^\n]{0,40}(?:format|qemu-img info'? parsing failed|safety check|backing file)[^\n]{0,160})/i,
    "Image 713e is unacceptable: 'qemu-img info' parsing failed.",
    'the image cannot be used: {why}',
  ),
  cause(
    'Image.Unacceptable',
    /Image (?<image>\S{1,60}) is unacceptable: (?<why>[^\n]{1,300})/,
    'Image 713e is unacceptable: Unable to convert image to raw: boom',
    'the image cannot be used: {why}',
  ),
  cause(
    'Image.Unacceptable',
    /Image (?<image>\S{1,60}) is unacceptable|ImageUnacceptable/,
    'nova.exception.ImageUnacceptable: ',
    'the image cannot be used',
  ),
  cause(
    'Image.NotActive',
    /Image (?<image>\S{1,60}) is not active|ImageNotActive|requested image has been deactivated/,
    'Image 713e is not active.',
    'the image {image} is not active',
  ),
  cause(
    'Image.NotFound',
    /Image (?<image>\S{1,60}) could not be found|No image found with ID (?<other>\S{1,60})|Can not find requested image|Cannot find image for rebuild|ImageNotFound|Image not found|but the image (?<third>\S{1,60}) cannot be found|Failed to find image (?<fourth>\S{1,60})/,
    'Image 713e could not be found.',
    'there is no image {image}{other}{third}{fourth}',
  ),
  cause('Image.NotFound', /Invalid imageRef provided/, 'Invalid imageRef provided.', 'no image was named'),
  cause(
    'Image.UploadTooLarge',
    /(?:The incoming image is too large|Denying attempt to upload image larger than (?<limit>\d{1,20}) bytes|ImageSizeLimitExceeded)[^\n]{0,160}/,
    'Denying attempt to upload image larger than 1099511627776 bytes.',
    'the image is larger than the image service takes',
  ),
  cause(
    'Image.StorageFull',
    /(?:Image storage media is full|There is not enough disk space on the image storage media|StorageFull)/,
    'Image storage media is full: There is not enough disk space on the image storage media.',
    'the image store is full',
  ),
  cause(
    'Image.Protected',
    /Image \S{1,60} is protected and cannot be deleted/,
    'Image 713e is protected and cannot be deleted.',
  ),
  cause(
    'Image.Forbidden',
    /Not authorized for image (?<image>\S{1,60})|You are not allowed to delete the image|ImageNotAuthorized|Image (?<other>\S{1,60}) (?:is not accessible|not authorized)/,
    'Not authorized for image 713e.',
    'the image {image}{other} may not be used like this',
  ),
  cause(
    'Image.Properties',
    /(?:Image property|Property hw_|Requested hardware '|Invalid image metadata|Image '?\S{1,60}'? (?:hw|os)_\S{1,60}|Machine type '\S{1,60}' is not compatible|Requested CPU control policy|Image metadata|does not allow override)[^\n]{1,200}/,
    'Invalid image metadata. Error: Field value foo is invalid',
  ),
  cause(
    'Image.Unreachable',
    /Connection to glance host (?<host>\S{1,200}) failed|GlanceConnectionFailed|Error contacting glance(?: (?:server|endpoint))?[^\n]{0,160}/,
    'Connection to glance host http://controller:9292 failed: connection refused',
    'the image service does not answer',
  ),
  cause(
    'Image.Download',
    /(?:Failed to (?:download|fetch|cache) image|Unable to download image|ImageDownloadFailed|IncompleteRead|Image download (?:failed|stalled)|Failed to fetch image)[^\n]{0,200}/i,
    'Failed to fetch image 713e: boom',
    'the image could not be downloaded',
  ),
  wrapper(
    'Image.SnapshotFailed',
    /(?:Failed to snapshot|Error while trying to clean up image|Failed to live snapshot|An error occurred during snapshot|Snapshot of instance \S{1,60} failed|Failed to take snapshot|snapshot failed|image \S{1,60} could not be removed)[^\n]{0,160}/i,
    'Error while trying to clean up image 713e',
    'an image of the server could not be made',
  ),
]
