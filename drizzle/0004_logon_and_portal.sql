CREATE TABLE "account_logos" (
	"account_id" text PRIMARY KEY NOT NULL,
	"logo_id" text NOT NULL,
	"image" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "known_devices" (
	"known_device_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"user_id" text NOT NULL,
	"token_hash" text NOT NULL,
	"account_epoch" bigint NOT NULL,
	"user_epoch" bigint NOT NULL,
	"user_agent" text,
	"source_ip" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"mfa_saved_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "logout_deliveries" (
	"logout_delivery_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logout_deliveries_logout_delivery_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" text NOT NULL,
	"issuer_name" text NOT NULL,
	"client_id" text NOT NULL,
	"user_id" text NOT NULL,
	"sid" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "session_endings" (
	"session_ending_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "session_endings_session_ending_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" text NOT NULL,
	"user_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mfa_devices" ALTER COLUMN "secret_sealed" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "account_settings" ADD COLUMN "branding" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "refresh_token_grace_seconds" integer;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "required_acr" text;--> statement-breakpoint
ALTER TABLE "mfa_devices" ADD COLUMN "credential_id" text;--> statement-breakpoint
ALTER TABLE "mfa_devices" ADD COLUMN "public_key" text;--> statement-breakpoint
ALTER TABLE "mfa_devices" ADD COLUMN "sign_count" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "mfa_devices" ADD COLUMN "transports" jsonb;--> statement-breakpoint
ALTER TABLE "mfa_devices" ADD COLUMN "backup_eligible" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "mfa_devices" ADD COLUMN "backed_up" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "mfa_devices" ADD COLUMN "aaguid" text;--> statement-breakpoint
ALTER TABLE "account_logos" ADD CONSTRAINT "account_logos_account_id_accounts_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_user_id_users_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logout_deliveries" ADD CONSTRAINT "logout_deliveries_client_id_applications_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."applications"("client_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_logos_id" ON "account_logos" USING btree ("logo_id");--> statement-breakpoint
CREATE UNIQUE INDEX "known_devices_token" ON "known_devices" USING btree ("token_hash","user_id");--> statement-breakpoint
CREATE INDEX "known_devices_user" ON "known_devices" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "known_devices_seen" ON "known_devices" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "logout_deliveries_due" ON "logout_deliveries" USING btree ("due_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "logout_deliveries_client" ON "logout_deliveries" USING btree ("client_id","logout_delivery_id");--> statement-breakpoint
CREATE INDEX "logout_deliveries_account" ON "logout_deliveries" USING btree ("account_id","logout_delivery_id");--> statement-breakpoint
CREATE INDEX "session_endings_due" ON "session_endings" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mfa_devices_credential" ON "mfa_devices" USING btree ("credential_id");