package io.cordon.sandbox.testkit.contract;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** The file that a JVM loads the {@link DenyingAgent} from; made once for the JVM of the tests. */
final class AgentJar {
    private static final Supplier<Path> JAR = Suppliers.memoize(AgentJar::jar);

    private AgentJar() {}

    /** The option by which a JVM takes the agent in. */
    static String option(String denied) {
        return "-javaagent:" + JAR.get() + "=" + denied;
    }

    private static Path jar() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), DenyingAgent.class.getName());
        String name = DenyingAgent.class.getName().replace('.', '/') + ".class";
        try (InputStream in = DenyingAgent.class.getClassLoader().getResourceAsStream(name)) {
            Path jar = Files.createTempFile("denying-agent", ".jar");
            jar.toFile().deleteOnExit();
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                out.putNextEntry(new ZipEntry(name));
                out.write(in.readAllBytes());
                out.closeEntry();
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
