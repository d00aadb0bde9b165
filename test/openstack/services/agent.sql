-- Neutron binds ports where an agent of Open vSwitch is alive: this one is, whatever the clock says
INSERT INTO agents (id, agent_type, `binary`, topic, host, admin_state_up, created_at, started_at, heartbeat_timestamp,
  configurations, `load`, availability_zone)
VALUES (uuid(), 'Open vSwitch agent', 'neutron-openvswitch-agent', 'N/A', 'cloud', 1, now(), now(), '2037-01-01',
  '{"bridge_mappings": {"outside": "br-ex"}, "tunnel_types": ["vxlan"], "tunneling_ip": "127.0.0.1", "devices": 0,
    "datapath_type": "system", "integration_bridge": "br-int",
    "ovs_capabilities": {"datapath_types": ["system"], "iface_types": ["internal"]}}', 0, 'nova');
