package io.foedus.launcher.processes;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** TCP ports of this machine. A port that is free now may be taken a moment later; who binds it finds out. */
public final class Ports {
    private Ports() {}

    public static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (UnknownHostException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, "no such address: " + address, "Give an address of this machine.", e);
        } catch (IOException e) {
            return false;
        }
    }

    /** Any free port on loopback. */
    public static int anyFree() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Failure(ExitCode.FAILURE, "no TCP port is free on this machine", "Close some programs.", e);
        }
    }

    /** The first free port from {@code first} on. */
    public static int firstFree(String address, int first) {
        for (int port = first; port < Math.min(first + 200, 65536); port++) {
            if (isFree(address, port)) {
                return port;
            }
        }
        throw new Failure(
                ExitCode.FAILURE,
                "no port from " + first + " on is free",
                "Close some programs, or choose one with --port.");
    }

    /** {@code port} itself, or a failure that says what to do. */
    public static int requireFree(String address, int port) {
        if (port < 1 || port > 65535) {
            throw new Failure(ExitCode.USAGE, "not a port: " + port, "A port is a number from 1 to 65535.");
        }
        if (!isFree(address, port)) {
            throw new Failure(
                    ExitCode.CONFLICT,
                    "port " + port + " on " + address + " is in use by another program",
                    "Stop that program, or choose another port with --port"
                            + (port < 1024 ? " (ports below 1024 need root)." : "."));
        }
        return port;
    }
}
