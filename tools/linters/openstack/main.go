// Pulumi's provider of OpenStack from its two published halves, the Terraform provider and Pulumi's bridge: with the
// resources and functions that berth declares, under the tokens of npm's @pulumi/openstack. For places from which the
// genuine plugin can't be downloaded.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/v3/openstack"
)

// The version of @pulumi/openstack in package.json: the engine asks for a plugin of exactly this version
const version = "3.15.2"

var resources = map[string]string{
	"openstack_blockstorage_volume_v3":                "blockstorage/volume:Volume",
	"openstack_compute_instance_v2":                   "compute/instance:Instance",
	"openstack_compute_keypair_v2":                    "compute/keypair:Keypair",
	"openstack_compute_volume_attach_v2":              "compute/volumeAttach:VolumeAttach",
	"openstack_networking_floatingip_v2":              "networking/floatingIp:FloatingIp",
	"openstack_networking_floatingip_associate_v2":    "networking/floatingIpAssociate:FloatingIpAssociate",
	"openstack_networking_network_v2":                 "networking/network:Network",
	"openstack_networking_port_v2":                    "networking/port:Port",
	"openstack_networking_port_secgroup_associate_v2": "networking/portSecGroupAssociate:PortSecGroupAssociate",
	"openstack_networking_router_v2":                  "networking/router:Router",
	"openstack_networking_router_interface_v2":        "networking/routerInterface:RouterInterface",
	"openstack_networking_secgroup_v2":                "networking/secGroup:SecGroup",
	"openstack_networking_secgroup_rule_v2":           "networking/secGroupRule:SecGroupRule",
	"openstack_networking_subnet_v2":                  "networking/subnet:Subnet",
	"openstack_objectstorage_container_v1":            "objectstorage/container:Container",
}

var functions = map[string]string{
	"openstack_compute_flavor_v2":      "compute/getFlavor:getFlavor",
	"openstack_images_image_v2":        "images/getImage:getImage",
	"openstack_networking_network_v2":  "networking/getNetwork:getNetwork",
	"openstack_networking_port_ids_v2": "networking/getPortIds:getPortIds",
	"openstack_networking_subnet_v2":   "networking/getSubnet:getSubnet",
}

func main() {
	info := tfbridge.ProviderInfo{
		P:              shimv2.NewProvider(openstack.Provider()),
		Name:           "openstack",
		Version:        version,
		ResourcePrefix: "openstack",
		Resources:      map[string]*tfbridge.ResourceInfo{},
		DataSources:    map[string]*tfbridge.DataSourceInfo{},
	}
	for name, token := range resources {
		info.Resources[name] = &tfbridge.ResourceInfo{Tok: tokens.Type("openstack:" + token)}
	}
	for name, token := range functions {
		info.DataSources[name] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember("openstack:" + token)}
	}
	schema := `{"name":"openstack","version":"` + version + `"}`
	tfbridge.Main("openstack", version, info, []byte(schema))
}
