// What of a host may be given away: Nova's initial allocation ratios, and memory kept for the host itself.

/** [DEFAULT]initial_cpu_allocation_ratio and its like: how often each unit may be promised. */
export const ratios = { vcpus: 4, memoryMb: 1, diskGb: 1 } as const
/** [DEFAULT]reserved_host_memory_mb and its like. */
export const reserved = { vcpus: 0, memoryMb: 512, diskGb: 0 } as const
