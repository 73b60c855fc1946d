package io.cordon.sandbox.testkit.contract;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import org.junit.jupiter.api.Test;

/** N12 to N16: a network of some hosts, which are reached by a proxy. */
abstract class AllowedHostRules extends Rules {
    private static final String ALLOWED = SandboxBackendContract.ALLOWED_HOST;
    private static final String UNLISTED = SandboxBackendContract.UNLISTED_HOST;

    private static NetworkAccess hosts(LoopbackListener listener, String... names) {
        String[] rules = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            rules[i] = names[i] + ":" + listener.port();
        }
        return NetworkAccess.allowHosts(rules).withPrivateAddresses();
    }

    private void declared(String rule) throws Exception {
        unlessDeclared(rule, Capability.NETWORK, NetworkAccess.allowHosts(ALLOWED));
    }

    @Test
    void required_N12_anAllowedHostIsReachedByTheProxy() throws Exception {
        declared("N12");
        try (LoopbackListener listener = listener("tcp4");
                Sandbox sandbox = scene().open(hosts(listener, ALLOWED))) {
            scene().confined(sandbox, "proxy", ALLOWED, Integer.toString(listener.port()))
                    .isOk("an allowed host");
        }
    }

    @Test
    void required_N13_aHostThatIsNotListedIsNot() throws Exception {
        declared("N13");
        try (LoopbackListener listener = listener("tcp4")) {
            String[] attempt = {"proxy", UNLISTED, Integer.toString(listener.port())};
            try (Sandbox sandbox = scene().open(hosts(listener, ALLOWED, UNLISTED))) {
                scene().confined(sandbox, attempt).isOk("the control: the host listed");
            }
            try (Sandbox sandbox = scene().open(hosts(listener, ALLOWED))) {
                scene().confined(sandbox, attempt).isDenied("a host that is not listed");
            }
        }
    }

    @Test
    void required_N14_noTcpPastTheProxy() throws Exception {
        past("N14", "tcp4", "tcp-mapped", "tcp6");
    }

    @Test
    void required_N15_noUdpPastTheProxy() throws Exception {
        past("N15", "udp4", "udp6");
    }

    @Test
    void required_N16_noQueryForANamePastTheProxy() throws Exception {
        past("N16", "dns4");
    }

    private void past(String rule, String... kinds) throws Exception {
        declared(rule);
        try (Sandbox sandbox = scene().open(NetworkAccess.allowHosts(ALLOWED))) {
            for (String kind : kinds) {
                denied(sandbox, kind);
            }
        }
    }
}
