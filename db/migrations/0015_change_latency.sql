CREATE TABLE "change_latencies" (
	"tenant_id" uuid NOT NULL,
	"vendor" text NOT NULL,
	"direction" text NOT NULL,
	"bucket" integer NOT NULL,
	"changes" bigint NOT NULL,
	"total_ms" bigint NOT NULL,
	CONSTRAINT "change_latencies_tenant_id_vendor_direction_bucket_pk" PRIMARY KEY("tenant_id","vendor","direction","bucket")
);
--> statement-breakpoint
ALTER TABLE "change_latencies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "external_events" ADD COLUMN "changed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "latency" jsonb;--> statement-breakpoint
CREATE POLICY "own_tenant" ON "change_latencies" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "change_latencies" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);