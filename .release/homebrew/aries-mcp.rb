class AriesMcp < Formula
  desc "A local MCP server that lets AI assistants use a person's Aries brokerage account"
  homepage "https://github.com/OWNER/aries-mcp"
  version "0.1.0"
  license "MIT"

  on_macos do
    on_arm do
      url "https://github.com/OWNER/aries-mcp/releases/download/v0.1.0/aries-mcp-0.1.0-aarch64-apple-darwin.tar.gz"
      sha256 "SHA256-aarch64-apple-darwin"
    end
    on_intel do
      url "https://github.com/OWNER/aries-mcp/releases/download/v0.1.0/aries-mcp-0.1.0-x86_64-apple-darwin.tar.gz"
      sha256 "SHA256-x86_64-apple-darwin"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/OWNER/aries-mcp/releases/download/v0.1.0/aries-mcp-0.1.0-aarch64-unknown-linux-musl.tar.gz"
      sha256 "SHA256-aarch64-unknown-linux-musl"
    end
    on_intel do
      url "https://github.com/OWNER/aries-mcp/releases/download/v0.1.0/aries-mcp-0.1.0-x86_64-unknown-linux-musl.tar.gz"
      sha256 "SHA256-x86_64-unknown-linux-musl"
    end
  end

  def install
    bin.install "aries-mcp"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/aries-mcp --version")
    assert_match "get_accounts", shell_output("#{bin}/aries-mcp tools --sandbox")
  end
end
