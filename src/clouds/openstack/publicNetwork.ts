/** OVH's name of its public network */
export const publicNetwork = 'Ext-Net';
