package dev.capstan.itest.hostile;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.capstan.tck.hostile.Past;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.Argument;
import net.bytebuddy.implementation.bind.annotation.FieldValue;
import net.bytebuddy.implementation.bind.annotation.Origin;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.pool.TypePool;

/**
 * Mistakes one could make in the engine and in the store. Each replaces one method, by byte code,
 * in classes that a loader of their own loads.
 */
enum SeededFault {
    /** Whatever an answer says of its version, it is taken for the known one. */
    VALIDATORS_NOT_COMPARED(
            "dev.capstan.transfer.http.field.Validators", "compare", AlwaysTheSame.class),
    /** A 206 is taken for what was asked, whatever it says of itself. */
    CONTENT_RANGE_NOT_CHECKED("dev.capstan.transfer.http.move.Judge", "part", AsAsked.class),
    /** The journal claims a block, and the process is killed before its bytes are written. */
    CLAIMED_BEFORE_WRITTEN("dev.capstan.content.file.Part", "write", ClaimFirst.class),
    /** No fault: the same instant, in the order that is right. */
    WRITTEN_BEFORE_CLAIMED("dev.capstan.content.file.Part", "write", WriteFirst.class);

    private final String type;
    private final String method;
    private final Class<?> replacement;

    SeededFault(String type, String method, Class<?> replacement) {
        this.type = type;
        this.method = method;
        this.replacement = replacement;
    }

    /** Engine and store with the fault. */
    Components components() {
        var parent = SeededFault.class.getClassLoader();
        var locator = ClassFileLocator.ForClassLoader.of(parent);
        var damaged = TypePool.Default.of(locator).describe(type).resolve();
        if (damaged.getDeclaredMethods().filter(named(method)).size() != 1) {
            throw new AssertionError("There is no one method " + type + "." + method + " any more");
        }
        var bytes =
                new ByteBuddy()
                        .redefine(damaged, locator)
                        .method(named(method))
                        .intercept(MethodDelegation.to(replacement))
                        .make()
                        .getBytes();
        return new Components(new Tampered(parent, type, bytes));
    }

    /** Loads the engine's and the store's classes itself, one of them as it is given. */
    private static final class Tampered extends ClassLoader {
        private final String type;
        private final byte[] bytes;

        Tampered(ClassLoader parent, String type, byte[] bytes) {
            super(parent);
            this.type = type;
            this.bytes = bytes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.capstan.transfer.http.")
                    && !name.startsWith("dev.capstan.content.file.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                var code = name.equals(type) ? bytes : in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** For {@code Match compare(…)}. */
    public static final class AlwaysTheSame {
        private AlwaysTheSame() {}

        /** Gives SAME. */
        @RuntimeType
        public static Object compare(@Origin Method method) {
            return Arrays.stream(method.getReturnType().getEnumConstants())
                    .filter(match -> match.toString().equals("SAME"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** For {@code Verdict part(Ask, …)}. */
    public static final class AsAsked {
        private AsAsked() {}

        /** Gives a part that ends where the ask does. */
        @RuntimeType
        public static Object part(@Argument(0) Object ask, @Origin Method method) throws Exception {
            var part =
                    Class.forName(
                            method.getReturnType().getName() + "$Part",
                            true,
                            method.getDeclaringClass().getClassLoader());
            var made = part.getDeclaredConstructor(long.class, long.class);
            made.setAccessible(true);
            return made.newInstance(call(ask, "to"), -1L);
        }
    }

    /** For {@code void write(bytes, at, slot, start)}. */
    public static final class ClaimFirst {
        private ClaimFirst() {}

        /** Claims, and then writes. */
        public static void write(
                @Argument(0) ByteBuffer bytes,
                @Argument(1) long at,
                @Argument(2) Object slot,
                @Argument(3) long start,
                @FieldValue("data") Object data)
                throws Exception {
            var to = at + bytes.remaining();
            call(slot, "claim", start, to);
            stopAtTheEnd(to);
            call(data, "write", bytes, at);
        }
    }

    /** For {@code void write(bytes, at, slot, start)}. */
    public static final class WriteFirst {
        private WriteFirst() {}

        /** Writes, and then claims. */
        public static void write(
                @Argument(0) ByteBuffer bytes,
                @Argument(1) long at,
                @Argument(2) Object slot,
                @Argument(3) long start,
                @FieldValue("data") Object data)
                throws Exception {
            var to = at + bytes.remaining();
            call(data, "write", bytes, at);
            stopAtTheEnd(to);
            call(slot, "claim", start, to);
        }
    }

    private static void stopAtTheEnd(long to) throws InterruptedException {
        if (to == Past.ISLANDS.present().endOfRunAt(0)) {
            KilledProcess.stop();
        }
    }

    private static Object call(Object target, String name, Object... arguments) throws Exception {
        var method =
                Arrays.stream(target.getClass().getDeclaredMethods())
                        .filter(it -> it.getName().equals(name))
                        .filter(it -> it.getParameterCount() == arguments.length)
                        .findFirst()
                        .orElseThrow();
        method.setAccessible(true);
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
